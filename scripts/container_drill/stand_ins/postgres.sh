#!/bin/sh
# Gives the folder to its user, makes the database once with the password of the file, and becomes the server.
set -eu
if [ "$(id -u)" = 0 ]; then
    mkdir -p "$PGDATA"
    chown -R postgres "$PGDATA" /var/run/postgresql
    chmod 0700 "$PGDATA"
    exec setpriv --reuid=postgres --regid=postgres --clear-groups "$0" "$@"
fi
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    initdb --username="$POSTGRES_USER" --pwfile="$POSTGRES_PASSWORD_FILE" --auth-local=trust --auth-host=scram-sha-256 >/dev/null
    echo "host all all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
    pg_ctl --wait start --silent -o "-c listen_addresses= -k /tmp" >/dev/null
    createdb --host=/tmp --username="$POSTGRES_USER" "$POSTGRES_DB" || true
    pg_ctl --wait stop --silent >/dev/null
fi
exec "$@" -c listen_addresses='*' -k /var/run/postgresql
