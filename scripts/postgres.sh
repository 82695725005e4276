# A throw-away PostgreSQL cluster for tests; sourced by test.sh.
# postgres_start FOLDER sets POSTGRES_URL (a superuser's); postgres_stop ends it.
# shellcheck shell=bash

POSTGRES_URL=
postgres_data=

# postgres_bin prints the folder of the newest server's programs, or nothing.
postgres_bin() {
	local dir
	dir=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -t/ -k5 -n | tail -n 1)
	if [ -z "$dir" ] && command -v initdb >/dev/null; then
		dir=$(dirname "$(command -v initdb)")
	fi
	if [ -n "$dir" ] && [ -x "$dir/initdb" ]; then printf '%s\n' "$dir"; fi
}

# as_postgres runs a command as a user other than root: the server refuses root.
as_postgres() {
	if [ "$(id -u)" -eq 0 ]; then
		runuser -u postgres -- "$@"
	else
		"$@"
	fi
}

postgres_start() {
	local bin port password try
	bin=$(postgres_bin)
	if [ -z "$bin" ]; then
		echo 'PostgreSQL server programs (initdb, pg_ctl) are missing.' >&2
		return 1
	fi
	postgres_data=$1
	mkdir -p "$postgres_data"
	password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
	printf '%s\n' "$password" >"$postgres_data.pw"
	if [ "$(id -u)" -eq 0 ]; then chown postgres "$postgres_data" "$postgres_data.pw"; fi
	chmod 700 "$postgres_data"
	chmod 600 "$postgres_data.pw"
	(cd / && as_postgres "$bin/initdb" -D "$postgres_data" -U postgres -E UTF8 --locale=C \
		--auth=scram-sha-256 --pwfile="$postgres_data.pw" >/dev/null)
	# Commits are not flushed to the disk: the tests kill programs, not the machine.
	for try in 1 2 3 4 5; do
		port=$((20000 + RANDOM % 12000)) # below the range that the system hands out
		if (cd / && as_postgres "$bin/pg_ctl" -D "$postgres_data" -s -w -t 30 -l "$postgres_data/log" \
			-o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$postgres_data \
			-c fsync=off -c full_page_writes=off -c max_connections=200 -c shared_buffers=128MB" start); then
			POSTGRES_URL="postgres://postgres:$password@127.0.0.1:$port/postgres?sslmode=disable"
			return 0
		fi
	done
	echo 'PostgreSQL did not start:' >&2
	cat "$postgres_data/log" >&2
	return 1
}

postgres_stop() {
	if [ -n "$POSTGRES_URL" ]; then
		(cd / && as_postgres "$(postgres_bin)/pg_ctl" -D "$postgres_data" -s -m immediate stop) || true
		POSTGRES_URL=
	fi
}
