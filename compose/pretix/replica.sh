#!/bin/sh
# A copy of the primary that follows it. It is made once; after a restart it goes on where it was.
set -eu
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  PGPASSWORD=$(cat /run/secrets/pretix-replication)
  export PGPASSWORD
  pg_basebackup --host="$PRIMARY_HOST" --port="${PRIMARY_PORT:-5432}" --username=replicator --no-password \
    --pgdata="$PGDATA" --checkpoint=fast --wal-method=stream --slot=replica --write-recovery-conf
  unset PGPASSWORD
  chmod 0700 "$PGDATA"
fi
exec postgres "$@"
