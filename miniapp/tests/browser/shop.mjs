// A small shop and object store for the browser tests: the HTTP contract with knobs for bad days.
import { createHash, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { memberships, notices, people, routeClub } from './club.mjs';
import { LOOKS, PURCHASES, products, SALES, VIEW } from './goods.mjs';

const DIST = fileURLToPath(new URL('../../dist/', import.meta.url));
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };
// The strictest policy under which the page works whole.
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; " +
  "frame-src blob:; base-uri 'none'; form-action 'none'";
const PART = 5 * 1024 ** 2;

/** Starts both servers on free ports. `knobs` may be changed while they run; `seen` tells what arrived. */
export async function openShop() {
  const knobs = {
    policy: 'on_confirm',
    shop: { id: 1, name: 'Atelier Nomade', status: 'approved', rails: ['stars', 'crypto', 'manual'] },
    paid: true,
    expireUrls: 0,
    slowPart: 0, // milliseconds before a part is answered
    storeDown: false,
    forgetAtLook: false, // the shop finds out that the store forgot the parts when it is asked for them
    holdFrom: Number.POSITIVE_INFINITY, // parts from this number on are taken and never answered
    reason: null,
    language: 'fr',
    roles: ['seller', 'admin'],
    asked: false, // Telegram was asked, and has not answered
    slowLink: 0, // looks until Telegram has made a link
    noRenewal: null,
  };
  const seen = { bytes: 0, parts: [], signed: [], sessions: 0, deleted: [], drafts: [], teasers: 0 };
  Object.assign(seen, { acts: [], searches: [], bans: [] });
  const club = { memberships: memberships(), notices: notices(), people: people() };
  const shop = { knobs, seen, club, uploads: new Map(), products: products(), signatures: new Set() };
  const store = createServer((request, response) => serveStore(shop, request, response));
  const web = createServer((request, response) => serveWeb(shop, request, response));
  await Promise.all([listen(store), listen(web)]);
  shop.store = `http://127.0.0.1:${store.address().port}`;
  shop.origin = `http://127.0.0.1:${web.address().port}`;
  shop.close = () => {
    for (const server of [store, web]) {
      server.closeAllConnections();
      server.close();
    }
  };
  return shop;
}

const listen = (server) => new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));

function serveStore(shop, request, response) {
  const cors = {
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Allow-Methods': 'PUT',
    'Access-Control-Allow-Headers': 'Content-Type',
    'Access-Control-Expose-Headers': 'ETag',
  };
  if (shop.knobs.storeDown) return request.destroy();
  if (request.method === 'OPTIONS') return response.writeHead(204, cors).end();
  const [, id, number] = new URL(request.url, shop.store).pathname.split('/');
  const hash = createHash('md5');
  let size = 0;
  request.on('data', (chunk) => {
    size += chunk.length;
    shop.seen.bytes += chunk.length;
    hash.update(chunk);
  });
  request.on('error', () => undefined); // the page went away in the middle of a part
  request.on('end', () => {
    const refuse = (status) => response.writeHead(status, cors).end();
    const upload = shop.uploads.get(id);
    if (!upload || upload.forgotten) return refuse(404);
    if (!shop.signatures.has(request.url)) return refuse(403);
    if (shop.knobs.expireUrls > 0) {
      shop.knobs.expireUrls -= 1;
      return refuse(403);
    }
    if (Number(number) >= shop.knobs.holdFrom) return undefined;
    setTimeout(() => {
      const etag = `"${hash.digest('hex')}"`;
      upload.parts.set(Number(number), { number: Number(number), etag, size });
      shop.seen.parts.push(`${id}/${number}`);
      response.writeHead(200, { ...cors, ETag: etag }).end();
    }, shop.knobs.slowPart);
  });
}

async function serveWeb(shop, request, response) {
  const url = new URL(request.url, shop.origin);
  if (url.pathname.startsWith('/app/')) return serveFile(shop, url.pathname.slice(5), response);
  if (url.pathname.endsWith('/teaser')) {
    shop.seen.teasers += 1;
    return response.writeHead(200, { 'Content-Type': 'video/mp4' }).end();
  }
  if (url.pathname.startsWith('/previews/'))
    return response.writeHead(200, { 'Content-Type': 'image/svg+xml' }).end(PICTURE);
  if (!url.pathname.startsWith('/api/')) return response.writeHead(404).end();
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks)) : {};
  const [status, answer] = route(shop, request, url, body);
  response.writeHead(status, {
    'Content-Type': status >= 400 ? 'application/problem+json' : 'application/json',
  });
  response.end(status === 204 ? undefined : JSON.stringify(answer));
}

async function serveFile({ store }, path, response) {
  const safe = normalize(path || 'index.html');
  const content = safe.startsWith('..') ? null : await readFile(join(DIST, safe)).catch(() => null);
  if (content === null) return response.writeHead(404).end();
  response.writeHead(200, {
    'Content-Type': TYPES[extname(safe)] ?? 'application/octet-stream',
    'Content-Security-Policy': `${POLICY}; connect-src 'self' ${store}`,
  });
  return response.end(content);
}

const problem = (status, detail, more = {}) => [status, { title: detail, status, detail, ...more }];
const page = (items) => ({ items, page: 1, pages: 1, total: items.length });

function route(shop, request, url, body) {
  const { knobs, seen } = shop;
  const call = `${request.method} ${url.pathname}`;
  if (call === 'POST /api/session') return openSession(shop, body);
  if (request.headers.authorization !== `Bearer token-${seen.sessions}`)
    return problem(401, 'La session a expiré.');
  if (call === 'PATCH /api/me') {
    knobs.language = body.language;
    return [200, {}];
  }
  if (url.pathname.startsWith('/api/uploads')) return routeUploads(shop, request.method, url, body);
  const answer = routeClub(shop, request.method, url, body);
  if (answer) return answer;
  if (call === 'GET /api/products') return [200, page(shop.products)];
  if (call === 'POST /api/products') {
    seen.drafts.push(body);
    const made = { ...shop.products[1], ...body, id: 40 + seen.drafts.length, files: [], sales: 0 };
    shop.products = [made, ...shop.products];
    return [201, made];
  }
  const [, , , id, verb] = url.pathname.split('/');
  if (verb === 'publish') return problem(402, 'Frais de mise en vente à payer.', { pay: FEE });
  if (verb === 'view')
    return id === 'unknown'
      ? problem(404, 'Ce produit n’existe plus.')
      : [200, LOOKS[id] ? { ...VIEW, preview: LOOKS[id] } : VIEW];
  if (request.method === 'PATCH') return [200, shop.products.find((each) => String(each.id) === id)];
  if (call === 'GET /api/library') return [200, page(PURCHASES)];
  if (url.pathname.endsWith('/download'))
    return [200, { url: '/d/token', file_name: 'cours.mp4', expires_at: '2026-12-01T00:00:00Z' }];
  if (call === 'GET /api/sales') return [200, SALES];
  return problem(404, `nothing at ${call}`);
}

const FEE = { bot_link: 'https://t.me/comptoir_bot?start=fee', price: { amount: 50, currency: 'XTR' } };

function openSession({ knobs, seen }, { init_data }) {
  if (!init_data?.includes('hash=')) return problem(401, 'initData refusé.');
  seen.sessions += 1;
  return [
    200,
    {
      token: `token-${seen.sessions}`,
      expires_at: '2026-12-01T00:00:00Z',
      user: { id: 7, name: 'Awa', language: knobs.language, roles: knobs.roles },
      shop: knobs.shop,
      limits: { max_upload_size: 50 * 1024 ** 3, part_batch: 32, upload_days: 7 },
      shop_name: 'Comptoir',
      bot_username: 'comptoir_bot',
      upload_policy: knobs.policy,
    },
  ];
}

function describe(upload) {
  const { parts, forgotten, polls, ...rest } = upload;
  return { ...rest, parts_held: [...parts.values()] };
}

/** As in a list: the store is asked about the parts of one upload only. */
function describeShortly(upload) {
  const { parts_held, ...rest } = describe(upload);
  return rest;
}

function routeUploads(shop, method, url, body) {
  const { uploads, knobs, seen } = shop;
  const [, , , id, verb] = url.pathname.split('/');
  if (!id && method === 'GET')
    return [200, [...uploads.values()].filter(({ state }) => OPEN.has(state)).map(describeShortly)];
  if (!id) return openUpload(shop, body);
  const upload = uploads.get(id);
  if (!upload) return problem(404, 'Envoi inconnu.');
  if (method === 'DELETE') {
    seen.deleted.push(id);
    uploads.delete(id);
    return [204];
  }
  if (verb === 'parts') return signParts(shop, upload, body.numbers);
  if (verb === 'complete') return complete(upload, body.parts);
  if (upload.state === 'open' && knobs.forgetAtLook) {
    Object.assign(upload, { state: 'lost', forgotten: true, parts: new Map() });
    knobs.forgetAtLook = false;
  }
  if (upload.state === 'awaiting_payment' && knobs.paid) {
    upload.state = 'open';
    upload.payment_status = 'confirmed';
  }
  if (upload.state === 'verifying') {
    upload.polls += 1;
    if (upload.polls > 1) {
      upload.state = knobs.reason ? 'refused' : 'accepted';
      upload.reason = knobs.reason;
    }
  }
  return [200, describe(upload)];
}

const OPEN = new Set(['open', 'awaiting_payment', 'verifying', 'moderation']);

function openUpload({ uploads, knobs }, body) {
  const mark = JSON.stringify(body.fingerprint);
  const known = [...uploads.values()].find(
    (each) => JSON.stringify(each.fingerprint) === mark && each.product_id === body.product_id,
  );
  if (known && known.state !== 'lost') return [200, describe(known)];
  const id = randomUUID();
  const waits = knobs.policy === 'after_payment';
  const upload = {
    ...body,
    id,
    state: waits ? 'awaiting_payment' : 'open',
    part_size: PART,
    parts: new Map(),
    expires_at: '2026-12-01T00:00:00Z',
    polls: 0,
    forgotten: false,
    ...(waits && { payment_status: 'pending', pay: FEE }),
  };
  uploads.set(id, upload);
  return [201, describe(upload)];
}

function signParts({ store, signatures, seen }, upload, numbers) {
  if (numbers.length > 32) return problem(400, 'at most 32');
  seen.signed.push(numbers.length);
  const urls = {};
  for (const number of numbers) {
    const path = `/${upload.id}/${number}?signature=${randomUUID()}`;
    signatures.add(path);
    urls[number] = store + path;
  }
  return [200, { urls, expires_in: 300 }];
}

function complete(upload, parts) {
  const count = Math.ceil(upload.size / PART);
  const missing = [];
  for (let number = 1; number <= count; number += 1) {
    const given = parts.find((part) => part.number === number);
    if (upload.parts.get(number)?.etag !== given?.etag || !given) missing.push(number);
  }
  if (missing.length > 0) return problem(409, 'Il manque des parties.', { missing });
  upload.state = 'verifying';
  return [202, { state: 'verifying' }];
}

const PICTURE = `<svg xmlns="http://www.w3.org/2000/svg" width="800" height="450"><defs><linearGradient id="g" x2="1" y2="1">
<stop stop-color="#8b5cf6"/><stop offset="1" stop-color="#ec4899"/></linearGradient></defs>
<rect width="800" height="450" fill="url(#g)"/><circle cx="400" cy="225" r="80" fill="#fff" opacity=".85"/></svg>`;
