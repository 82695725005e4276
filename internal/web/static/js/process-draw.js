// The drawing editor of a process. It draws what the page carries as BPMN 2.0
// and sends it back as such; rules and refusals are the server's.
(() => {
  "use strict";
  const form = document.getElementById("ve-form");
  const board = document.getElementById("ve");
  if (!form || !board || !window.BpmnJS) return;
  const words = JSON.parse(board.dataset.words);
  const field = (name) => document.getElementById("o-" + name);
  const xml = field("xml");

  // Our own attributes of a step, as the server writes them.
  const own = {
    name: "QuyTrinh", uri: "urn:motcua:quy-trinh", prefix: "q", xml: { tagAlias: "lowerCase" },
    types: [
      { name: "Step", extends: ["bpmn:Activity"], properties: ["kind", "unit", "role", "share"].map((name) => ({ name, isAttr: true, type: "String" })) },
    ],
  };

  // Only what can run here is offered.
  const offered = /^(hand-tool|lasso-tool|space-tool|global-connect-tool|tool-separator|create\.(start-event|end-event|exclusive-gateway|participant-expanded))$/;
  function Palette(palette, create, elementFactory) {
    const entry = (group, className, title, attrs) => {
      const start = (event) => create.start(event, elementFactory.createShape(attrs));
      return { group, className, title, action: { dragstart: start, click: start } };
    };
    palette.registerProvider(100, {
      getPaletteEntries: () => (entries) => {
        const kept = {};
        for (const name of Object.keys(entries)) if (offered.test(name)) kept[name] = entries[name];
        kept["create.parallel-gateway"] = entry("gateway", "bpmn-icon-gateway-parallel", words.parallel, { type: "bpmn:ParallelGateway" });
        kept["create.user-task"] = entry("activity", "bpmn-icon-user-task", words.task, { type: "bpmn:UserTask" });
        return kept;
      },
    });
  }
  Palette.$inject = ["palette", "create", "elementFactory"];
  const translate = (text, values) => (words.bpmn[text] || text).replace(/{([^}]+)}/g, (_, key) => (values && key in values ? values[key] : "{" + key + "}"));

  const modeler = new window.BpmnJS({
    container: board,
    moddleExtensions: { q: own },
    additionalModules: [{ __init__: ["ownPalette"], ownPalette: ["type", Palette], translate: ["value", translate] }],
  });
  const modeling = modeler.get("modeling");
  const moddle = modeler.get("moddle");
  const registry = modeler.get("elementRegistry");

  // The panel shows the chosen element and writes into it at once.
  let chosen = null;
  const hours = (minutes) => (minutes ? String(Math.round((Number(minutes) / 60) * 100) / 100).replace(".", ",") : "");
  const minutes = (text) => Math.round(Number(text.replace(",", ".")) * 60);
  const timerOf = (bo) => (bo.eventDefinitions || []).find((d) => d.$type === "bpmn:TimerEventDefinition");
  const timed = (bo) => {
    const timer = timerOf(bo);
    const read = timer && timer.timeDuration && /^PT(?:(\d+)H)?(?:(\d+)M)?$/.exec(timer.timeDuration.body || "");
    return read ? Number(read[1] || 0) * 60 + Number(read[2] || 0) : 0;
  };
  const facets = (bo) => {
    const is = (type) => bo.$instanceOf(type);
    if (is("bpmn:Activity")) return ["name", "kind", "unit", "role", "share"];
    if (is("bpmn:SequenceFlow")) return ["name", "when", "default"];
    if (is("bpmn:BoundaryEvent")) return ["name", "after"];
    return ["name"];
  };
  const all = ["name", "kind", "unit", "role", "share", "when", "default", "after"];
  const show = () => {
    const bo = chosen && chosen.businessObject;
    const shown = bo && bo.$instanceOf("bpmn:BaseElement") ? facets(bo) : [];
    field("none").hidden = shown.length > 0;
    for (const name of all) field(name).closest(".field, .opt").hidden = !shown.includes(name);
    if (!shown.length) return;
    field("name").value = bo.name || "";
    for (const name of ["kind", "unit", "role"]) field(name).value = bo.get("q:" + name) || (name === "kind" ? "handle" : "");
    field("share").value = hours(bo.get("q:share"));
    field("when").value = (bo.conditionExpression && bo.conditionExpression.body) || "";
    field("default").checked = Boolean(bo.sourceRef && bo.sourceRef.default === bo);
    field("after").value = hours(timed(bo));
  };
  const write = {
    name: (value) => modeling.updateProperties(chosen, { name: value || undefined }),
    when: (value) => modeling.updateProperties(chosen, { conditionExpression: value ? moddle.create("bpmn:FormalExpression", { body: value }) : undefined }),
    default: (_, box) => modeling.updateProperties(registry.get(chosen.businessObject.sourceRef.id), { default: box.checked ? chosen.businessObject : undefined }),
    share: (value) => modeling.updateProperties(chosen, { "q:share": value && minutes(value) >= 0 ? String(minutes(value)) : undefined }),
    after: (value) => {
      const timer = timerOf(chosen.businessObject);
      if (timer) modeling.updateModdleProperties(chosen, timer, { timeDuration: moddle.create("bpmn:FormalExpression", { body: "PT" + minutes(value) + "M" }) });
    },
  };
  for (const name of ["kind", "unit", "role"]) write[name] = (value) => modeling.updateProperties(chosen, { ["q:" + name]: value || undefined });
  for (const name of all) {
    field(name).addEventListener("change", (event) => {
      if (chosen) write[name](event.target.value.trim(), event.target);
    });
  }
  modeler.on("selection.changed", ({ newSelection }) => {
    chosen = newSelection.length === 1 ? newSelection[0].labelTarget || newSelection[0] : null;
    show();
  });
  // A new task begins as handling, so that the panel and the file agree.
  modeler.on("shape.added", ({ element }) => {
    const bo = element.businessObject;
    if (ready && bo.$instanceOf("bpmn:Activity") && !bo.get("q:kind")) bo.set("q:kind", "handle");
  });

  let ready = false;
  let changed = false;
  modeler.on("commandStack.changed", () => { changed = true; });
  modeler.importXML(xml.value).then(() => {
    ready = true;
    const canvas = modeler.get("canvas");
    canvas.zoom("fit-viewport", "auto");
    canvas.zoom(canvas.zoom() * 0.85, "auto"); // room for the tools at the left
    canvas.scroll({ dx: 40, dy: 0 });
    board.querySelectorAll(".djs-palette .entry[aria-label]").forEach((entry) => { entry.title = entry.getAttribute("aria-label"); });
    const sheet = board.querySelector("svg[tabindex]");
    sheet.setAttribute("role", "group");
    sheet.setAttribute("aria-label", board.getAttribute("aria-label"));
    board.dataset.ready = "1";
    show();
  }, () => { field("broken").hidden = false; });
  for (const link of document.querySelectorAll("[data-element]")) {
    link.addEventListener("click", (event) => {
      const element = registry.get(link.dataset.element);
      if (!element) return;
      event.preventDefault();
      modeler.get("selection").select(element);
      modeler.get("canvas").scrollToElement(element);
    });
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    modeler.saveXML({ format: true }).then((saved) => {
      xml.value = saved.xml;
      changed = false;
      form.submit();
    }, () => { field("broken").hidden = false; });
  });
  addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
  document.documentElement.dataset.drawing = "on";
})();
