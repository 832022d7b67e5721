// Fails when the JavaScript that a phone must load grows above 150 KiB gzipped.
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const LIMIT = 150 * 1024;
const assets = new URL('../dist/assets/', import.meta.url);
const scripts = readdirSync(assets).filter((name) => name.endsWith('.js'));
if (scripts.length === 0) throw new Error('dist/assets holds no script: run "npm run build" first');

let total = 0;
for (const name of scripts) {
  const size = gzipSync(readFileSync(new URL(name, assets)), { level: 9 }).length;
  total += size;
  console.log(`${name} ${(size / 1024).toFixed(1)} KiB gzipped`);
}
console.log(`JavaScript in all: ${(total / 1024).toFixed(1)} KiB gzipped, limit ${LIMIT / 1024} KiB`);
if (total > LIMIT) process.exit(1);
