// The tests' shop: the real API, with a database, a store and a worker, which `python -m tests.miniapp` lends.

export const PART = 5 * 1024 ** 2; // bytes, as tests/miniapp has it

/** Opens one with these settings; `filled` has goods, members and figures in it. */
export async function openShop(settings = {}) {
  const shop = await post('/shops', settings);
  return { ...shop, do: (act, details = {}) => post(`/shops/${shop.number}/${act}`, details) };
}

async function post(path, body) {
  const response = await fetch(process.env.SHOPS + path, { method: 'POST', body: JSON.stringify(body) });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
}

/** What the pages of a browser context ask of a shop and its store, and what came of it. */
export function watch(context, { origin, store }) {
  const seen = { sessions: 0, signed: [], drafts: [], acts: [], searches: [], bans: [], teasers: 0 };
  Object.assign(seen, { deleted: [], parts: [], sizes: [], listed: [] });
  context.on('request', (request) => {
    const url = new URL(request.url());
    if (url.origin === origin) recordCall(seen, request, url);
    if (url.origin === store && request.method() === 'PUT') seen.sizes.push(sizeOf(request));
  });
  context.on('response', (response) => {
    const url = new URL(response.url());
    const call = `${response.request().method()} ${url.origin}`;
    if (call === `DELETE ${origin}`) seen.deleted.push(url.pathname);
    if (call === `PUT ${store}` && response.ok()) seen.parts.push(Number(url.searchParams.get('partNumber')));
    if (call === `GET ${origin}` && /^\/api\/uploads\/.+/.test(url.pathname))
      seen.listed.push(partsIn(response));
  });
  return seen;
}

function recordCall(seen, request, { pathname, search }) {
  const [, , part, id, act] = pathname.split('/');
  const call = `${request.method()} ${pathname}`;
  if (call === 'POST /api/session') seen.sessions += 1;
  if (call === 'POST /api/products') seen.drafts.push(request.postDataJSON());
  if (call === 'GET /api/members') seen.searches.push(search);
  if (part === 'uploads' && act === 'parts') seen.signed.push(request.postDataJSON().numbers.length);
  if (part === 'memberships' && request.method() === 'POST') seen.acts.push(`${act}/${id}`);
  if (part === 'people' && act === 'ban') seen.bans.push(request.postDataJSON().reason);
  if (pathname.endsWith('/teaser')) seen.teasers += 1;
}

/** The numbers of the parts that the shop says the store holds. */
const partsIn = (response) =>
  response.json().then(
    ({ parts_held = [] }) => parts_held.map(({ number }) => number),
    () => [], // the page was closed before it had read that
  );

/** Bytes of a part; all that it may have, where the page was closed or the answer lost before that was known. */
const sizeOf = (request) =>
  request.headerValue('content-length').then(
    (length) => Number(length ?? PART),
    () => PART,
  );
