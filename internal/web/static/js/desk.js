// Conveniences of the officers' desk. Every page works without this file.
(() => {
  "use strict";
  document.documentElement.classList.add("js");
  const typing = (el) => el && (el.matches("input:not([type=checkbox]):not([type=radio]):not([type=file]), textarea, select") || el.isContentEditable);

  // Error summaries and the one thing to do next take the focus.
  const first = document.querySelector(".alert[tabindex]") || document.querySelector("[data-focus]");
  if (first) first.focus({ preventScroll: first.hasAttribute("data-focus") });

  // A link into a folded part opens it.
  const unfold = () => {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    for (let el = target; el; el = el.parentElement) if (el.tagName === "DETAILS") el.open = true;
    const field = target.matches("details") ? target.querySelector("input:not([type=hidden]), textarea, select") : target;
    if (field && field.focus) field.focus();
  };
  addEventListener("hashchange", unfold);
  unfold();

  // Shortcuts of a single key can be turned off (WCAG 2.1.4).
  let single = true;
  try { single = localStorage.getItem("phim-tat") !== "tat"; } catch { /* no storage: on */ }
  document.querySelectorAll("[data-keys]").forEach((button) => {
    const show = () => { button.querySelector("span").textContent = single ? button.dataset.off : button.dataset.on; };
    button.hidden = false;
    show();
    button.addEventListener("click", () => {
      single = !single;
      try { localStorage.setItem("phim-tat", single ? "bat" : "tat"); } catch { /* lasts for this page */ }
      show();
    });
  });

  // Lists: j and k move, Enter opens, / searches. Ctrl+Enter sends a form.
  const rows = () => [...document.querySelectorAll("[data-rows] [data-open]")];
  const send = () => {
    const form = (document.activeElement && document.activeElement.closest("form[data-hotkey]")) || document.querySelector("form[data-hotkey]");
    const button = form && form.querySelector("[data-primary]");
    if (button) button.click();
    return Boolean(button);
  };
  const move = (step) => {
    const all = rows();
    if (!all.length) return;
    const here = all.indexOf(document.activeElement);
    const start = here >= 0 ? here : all.findIndex((a) => a.hasAttribute("aria-current"));
    all[Math.max(0, Math.min(start + step, all.length - 1))].focus();
  };
  addEventListener("keydown", (e) => {
    if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) {
      if (send()) e.preventDefault();
      return;
    }
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.key === "Enter" && e.target.dataset && e.target.dataset.open) {
      e.preventDefault();
      location.assign(e.target.dataset.open);
      return;
    }
    if (typing(e.target) || !single) return;
    if (e.key === "/") {
      const box = document.getElementById("q") || document.getElementById("tim-nhanh");
      if (box) { e.preventDefault(); box.focus(); box.select(); }
    } else if (e.key === "j") move(1);
    else if (e.key === "k") move(-1);
    else if (e.key === "?") {
      const help = document.getElementById("phim-tat");
      if (help && help.togglePopover) { e.preventDefault(); help.togglePopover(); }
    } else {
      // A letter follows a link, and only goes to what would act.
      const target = /^[a-z]$/.test(e.key) && document.querySelector(`[data-key="${e.key}"]`);
      if (!target || !target.checkVisibility()) return;
      e.preventDefault();
      if (target.matches("a")) target.click(); else target.focus();
    }
  });

  // Lists of boxes: all at once, x for the row that has the focus, and how many.
  document.querySelectorAll("form[data-bulk]").forEach((form) => {
    const boxes = [...form.querySelectorAll("input[name=ho-so]")];
    const all = form.querySelector("[data-all]");
    const said = form.querySelector("[data-count]");
    const show = () => {
      const n = boxes.filter((b) => b.checked).length;
      said.textContent = said.dataset.count.replace("0", n);
      all.checked = n > 0 && n === boxes.length;
      all.indeterminate = n > 0 && n < boxes.length;
    };
    all.hidden = said.hidden = false;
    all.addEventListener("change", () => { boxes.forEach((b) => { b.checked = all.checked; }); show(); });
    form.addEventListener("change", show);
    // A part of the list is chosen whole, or given up whole.
    const part = (id) => {
      const some = boxes.filter((b) => b.dataset.of === id);
      const on = some.some((b) => !b.checked);
      some.forEach((b) => { b.checked = on; });
      show();
    };
    form.querySelectorAll("[data-part]").forEach((button) => button.addEventListener("click", (e) => { e.preventDefault(); part(button.dataset.part); }));
    addEventListener("keydown", (e) => {
      if ((e.key !== "x" && e.key !== "l") || e.ctrlKey || e.metaKey || e.altKey || !single || typing(e.target)) return;
      const row = document.activeElement.closest("tr");
      const box = row && row.querySelector("input[name=ho-so]");
      if (!box) return;
      if (e.key === "x") { box.checked = !box.checked; show(); } else if (box.dataset.of) part(box.dataset.of);
    });
    show();
  });

  // In a form with a main button, Enter goes to the next field; only Ctrl+Enter sends.
  const fields = (form) => [...form.elements].filter((el) => typing(el) && !el.disabled && el.type !== "hidden" && el.offsetParent !== null && el.tabIndex >= 0);
  document.querySelectorAll("form[data-hotkey]").forEach((form) => form.addEventListener("keypress", (e) => {
    if (e.key === "Enter" && !e.ctrlKey && !e.metaKey && e.target.matches("input, select")) e.preventDefault();
  }));
  document.querySelectorAll("form[data-hotkey]").forEach((form) => form.addEventListener("keydown", (e) => {
    const el = e.target;
    if (e.key !== "Enter" || e.ctrlKey || e.metaKey || e.defaultPrevented || !el.matches("input, select") || el.type === "file") return;
    e.preventDefault();
    const all = fields(form);
    const at = all.indexOf(el);
    const next = at >= 0 ? all[at + 1] : all.find((f) => el.compareDocumentPosition(f) & Node.DOCUMENT_POSITION_FOLLOWING);
    (next || form.querySelector("[data-primary]")).focus();
    if (next && next.select) next.select();
  }));

  // One press sends a form once.
  addEventListener("submit", (e) => {
    const form = e.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) { e.preventDefault(); return; }
    form.dataset.sent = "1";
    setTimeout(() => delete form.dataset.sent, 4000);
  });
  addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((f) => delete f.dataset.sent));

  // A choice that changes the form asks the server for the new one.
  document.querySelectorAll("select[data-submit]").forEach((select) => select.addEventListener("change", () => {
    const button = select.form.querySelector(`button[value="${select.dataset.submit}"]`);
    if (button) button.click();
  }));

  // Chosen files are named where the button was.
  document.querySelectorAll(".pick input").forEach((input) => input.addEventListener("change", () => {
    const word = input.parentElement.querySelector("[data-picked]");
    if (input.files.length) word.textContent = [...input.files].map((f) => f.name).join(", ");
  }));

  // The scanner types the card's text and Enter: fill the form in place.
  const scan = document.querySelector("[data-card]");
  if (scan) {
    const said = document.getElementById("the-noi");
    const put = (name, value) => {
      const field = scan.form.elements.namedItem(name);
      if (!field || !value) return;
      if (field instanceof RadioNodeList || field.type === "radio") {
        scan.form.querySelectorAll(`input[name="${name}"]`).forEach((r) => { r.checked = r.value === value; });
      } else field.value = value;
    };
    scan.addEventListener("keydown", async (e) => {
      if (e.key !== "Enter" || e.ctrlKey || e.metaKey) return;
      e.preventDefault();
      if (!scan.value.trim()) {
        const name = scan.form.elements.namedItem("owner.name");
        if (name) name.focus();
        return;
      }
      try {
        const answer = await fetch(scan.dataset.card, {
          method: "POST", headers: { Accept: "application/json" }, body: new URLSearchParams({ the: scan.value }),
        });
        const got = await answer.json();
        for (const [name, value] of Object.entries(got.fields || {})) put(name, value);
        said.textContent = got.message || "";
        if (got.ok) {
          scan.value = "";
          const empty = ["owner.name", "owner.phone"].map((n) => scan.form.elements.namedItem(n)).find((f) => f && !f.value);
          (empty || scan.form.querySelector("[data-primary]")).focus();
        }
      } catch {
        scan.form.querySelector('button[value="doc-the"]').click();
      }
    });
  }

  // The sum of the chosen fees.
  const sum = document.querySelector("[data-sum]");
  if (sum) {
    const boxes = [...document.querySelectorAll("[data-amount]")];
    const show = () => {
      const total = boxes.reduce((n, b) => n + (b.checked ? Number(b.dataset.amount) : 0), 0);
      sum.textContent = sum.dataset.sum.replace("0", total.toLocaleString(document.documentElement.lang === "en" ? "en-GB" : "vi-VN"));
    };
    boxes.forEach((b) => b.addEventListener("change", show));
  }

  // A page is told when a colleague acts on what it shows. It says so and leaves
  // what is typed alone. Hidden pages do not hold a connection.
  const note = window.EventSource && document.querySelector("[data-live]");
  if (note) {
    let feed = null;
    let over = false;
    const watch = () => {
      if (document.hidden || over) {
        if (feed) feed.close();
        feed = null;
        return;
      }
      if (feed) return;
      feed = new EventSource(note.dataset.live);
      feed.addEventListener("changed", (e) => {
        over = true;
        feed.close();
        note.querySelector("[data-said]").textContent = JSON.parse(e.data).text;
        note.querySelector("[hidden]").hidden = false;
      });
    };
    document.addEventListener("visibilitychange", watch);
    addEventListener("pagehide", () => { if (feed) feed.close(); feed = null; });
    addEventListener("pageshow", (e) => { if (e.persisted) watch(); });
    watch();
  }

  // Pages made to be printed.
  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
})();
