// Writes the Mini App's types of the API out of its OpenAPI document; with --check, says whether they are so.
import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const TYPES = new URL('../src/api/types.ts', import.meta.url);
const HEAD =
  '// What the API takes and answers: written by `npm run generate` in miniapp/contract. Not to be edited.\n';
const CALLED = ['mini app', 'notifications']; // tags of the routes that the Mini App calls

/** Names of all schemas that `part` of the document leads to. */
function namesIn(part, schemas, names = new Set()) {
  for (const [, name] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
    if (names.has(name)) continue;
    names.add(name);
    namesIn(schemas[name], schemas, names);
  }
  return names;
}

/** The bodies and answers of these routes alone. */
function schemasOf({ openapi, info, paths, components }) {
  const operations = Object.values(paths).flatMap((path) => Object.values(path));
  const called = operations.filter(({ tags = [] }) => tags.some((tag) => CALLED.includes(tag)));
  const names = [...namesIn(called, components.schemas)].sort();
  const schemas = Object.fromEntries(names.map((name) => [name, components.schemas[name]]));
  return { openapi, info, paths: {}, components: { schemas } };
}

const printed = execFileSync('.venv/bin/python', ['-m', 'api.openapi'], { cwd: PROJECT, encoding: 'utf8' });
const tree = await openapiTS(schemasOf(JSON.parse(printed)), {
  rootTypes: true,
  rootTypesNoSchemaPrefix: true,
  defaultNonNullable: false, // what has a default may be left out
});
const types = HEAD + astToString(tree);

if (!process.argv.includes('--check')) await writeFile(TYPES, types);
else if ((await readFile(TYPES, 'utf8')) !== types) {
  console.error(
    'The API says something else than src/api/types.ts: run "npm run generate" in miniapp/contract.',
  );
  process.exit(1);
}
