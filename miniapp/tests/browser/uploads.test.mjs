// The upload itself, in Chromium against the tests' store: close, lose, expire, forget, pay.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { openShop, PART } from './shop.mjs';
import { openPage, openStage, setNetwork } from './stage.mjs';

const MIB = 1024 ** 2;
const SIZE = 62 * MIB; // twelve parts of 5 MiB and one of 2
const PARTS = 13;
const SHORT = 12 * MIB; // three parts, where it is of no matter how far the upload has come
/** What SeaweedFS answers to a part that finds no room on the disk. */
const FULL = {
  status: 500,
  headers: { 'access-control-allow-origin': '*', 'content-type': 'application/xml' },
  body: '<Error><Code>InternalError</Code></Error>',
};
const SLOW = 25 * MIB; // bytes a second, so that a test can step in
const CRAWL = 4 * MIB; // so that all that is shown can be read before the file is there

let stage;
let seller;
let folder;
let film;
let clip;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'miniapp-'));
  film = join(folder, 'film.bin');
  await writeFile(film, randomBytes(SIZE));
  clip = join(folder, 'clip.bin');
  await writeFile(clip, randomBytes(SHORT));
  stage = await openStage();
});
beforeEach(async () => {
  seller = await stage.shop.do('new_seller');
});
afterEach(() => Promise.all(stage.browser.contexts().map((context) => context.close())));
after(async () => {
  await stage.close();
  await rm(folder, { recursive: true });
});

const pick = (page, files) => page.locator('input[type=file]').first().setInputFiles(files);
const card = (page, phase) => page.locator(`li[data-phase=${phase}]`);
const percent = (page) => page.locator('.percent').first().textContent();

/** The seller's page of uploads. */
const openUploads = (options, { shop = stage.shop, person = seller } = {}) =>
  openPage({ ...stage, shop }, { path: `/upload?product=${person.product}`, person, ...options });

/** The seller's uploads as the shop has them. */
const uploads = () => stage.shop.do('uploads', { telegram_id: seller.telegram_id });

/** A shop where nothing is sent before the listing fee is paid, and a seller in it. */
async function openPaidShop() {
  const shop = await openShop({ upload_policy: 'after_payment', listing_fee: 'stars=50' });
  return { shop, person: await shop.do('new_seller') };
}

const forget = () => stage.shop.do('forget', { product: seller.product });

/** Waits until the store holds at least `count` parts. */
async function untilParts(seen, count) {
  const deadline = Date.now() + 30_000;
  while (seen.parts.length < count) {
    assert.ok(Date.now() < deadline, `the store has ${seen.parts.length} of ${count} parts`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Bytes of all parts that were begun to be sent. */
async function bytesOf({ sizes }) {
  const bytes = await Promise.all(sizes);
  return bytes.reduce((sum, size) => sum + size, 0);
}

/** Each part of the one upload arrived exactly once, the answer to some of them when the page was closed. */
async function assertEachPartOnce({ parts, listed }) {
  assert.equal(new Set(parts).size, parts.length, 'no part was stored twice');
  assert.equal(new Set([...parts, ...(await Promise.all(listed)).flat()]).size, PARTS);
}

test('a file is uploaded, checked and accepted, with few signatures asked for', async () => {
  const { page, faults, seen } = await openUploads();
  await pick(page, film);
  await card(page, 'accepted').waitFor();
  await page.getByText('Envoi terminé').waitFor();
  await page.getByRole('button', { name: 'Fermer' }).waitFor();
  await assertEachPartOnce(seen);
  assert.equal(await bytesOf(seen), SIZE);
  assert.deepEqual(seen.signed, [PARTS]);
  assert.deepEqual(faults, []);
});

test('percent, sizes, speed and time left are shown while it runs', async () => {
  const { page } = await openUploads({ speed: CRAWL });
  await pick(page, film);
  await page.getByText(/^encore \d+ (s|min)$/).waitFor();
  await page.getByText(/^[\d,\s]+\sMo\/s$/).waitFor();
  await page.getByText(/ sur 65\sMo$/).waitFor();
  assert.match(await percent(page), /^\d+\s%$/);
  assert.equal(await page.getByRole('progressbar').getAttribute('aria-valuemax'), '100');
});

test('an upload cut by closing the page goes on when the same file is picked again', async () => {
  const first = await openUploads({ speed: SLOW });
  const { seen } = first;
  await pick(first.page, film);
  await untilParts(seen, 5);
  await first.page.close();
  const { page } = await openUploads({ context: first.context });
  await card(page, 'needs_file').waitFor();
  await page.getByText(/Inachevé\s: \d+\s% est déjà dans la boutique/).waitFor();
  await pick(page, film);
  await card(page, 'accepted').waitFor();
  await assertEachPartOnce(seen);
  assert.ok((await bytesOf(seen)) <= SIZE + 3 * PART, 'at most three parts were sent for nothing');
  assert.equal((await uploads()).length, 1);
});

test('where the browser kept a handle the upload goes on by itself', async () => {
  const first = await openUploads({ speed: SLOW });
  const { seen } = first;
  await first.page.evaluate(async (size) => {
    // A file of the origin's own file system: a real handle, without the system's dialogue.
    const handle = await (await navigator.storage.getDirectory()).getFileHandle('own.bin', { create: true });
    const writable = await handle.createWritable();
    await writable.write(new Uint8Array(size));
    await writable.close();
    window.showOpenFilePicker = async () => [handle];
  }, SIZE);
  await first.page.getByRole('button', { name: 'Déposez vos fichiers ici' }).click();
  await untilParts(seen, 4);
  await first.page.close();
  const { page } = await openUploads({ context: first.context });
  await card(page, 'accepted').waitFor();
  await assertEachPartOnce(seen);
  assert.equal(await countKept(page), 0);
});

test('a session that has run out in the middle is opened again', async () => {
  const { page, seen } = await openUploads({ speed: SLOW });
  await pick(page, film);
  await untilParts(seen, 3);
  await stage.shop.do('end_sessions', { telegram_id: seller.telegram_id });
  await card(page, 'accepted').waitFor();
  assert.equal(seen.sessions, 2);
  await assertEachPartOnce(seen);
});

test('another file of the same size is refused for an unfinished upload', async () => {
  const first = await openUploads({ speed: SLOW });
  const { seen } = first;
  await pick(first.page, film);
  await untilParts(seen, 2);
  await first.page.close();
  const other = join(folder, 'other.bin');
  await writeFile(other, randomBytes(SIZE));
  const { page } = await openUploads({ context: first.context });
  await card(page, 'needs_file').locator('input[type=file]').setInputFiles(other);
  await page.getByText('C’est un autre fichier.').waitFor();
  assert.equal(await card(page, 'needs_file').count(), 1);
});

test('pause keeps what arrived, resume sends the rest, cancel deletes', async () => {
  const { page, seen } = await openUploads({ speed: SLOW });
  await pick(page, film);
  await untilParts(seen, 3);
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await card(page, 'paused').waitFor();
  const before = seen.parts.length;
  await page.getByRole('button', { name: 'Reprendre' }).click();
  await untilParts(seen, before + 3);
  await page.getByRole('button', { name: 'Annuler' }).click();
  await page.getByRole('button', { name: 'Oui, arrêter et jeter' }).click();
  await card(page, 'sending').waitFor({ state: 'detached' });
  const deadline = Date.now() + 5000;
  while (seen.deleted.length === 0 && Date.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 10));
  assert.equal(seen.deleted.length, 1);
  assert.deepEqual(await uploads(), [{ purpose: 'file', state: 'aborted' }]);
});

test('URLs that have expired are signed again', async () => {
  const { page, context, seen } = await openUploads();
  let expired = 0;
  await context.route(`${stage.shop.store}/**`, (route) => {
    expired += 1;
    const headers = { 'Access-Control-Allow-Origin': '*' };
    return expired > 5 ? route.continue() : route.fulfill({ status: 403, headers });
  });
  await pick(page, film);
  await card(page, 'accepted').waitFor();
  await assertEachPartOnce(seen);
});

test('a lost network and a restarting store are waited for, and nothing finished is lost', async () => {
  const { page, context, seen } = await openUploads({ speed: SLOW });
  let isDown = false;
  await context.route(`${stage.shop.store}/**`, (route) => (isDown ? route.abort() : route.continue()));
  await pick(page, film);
  await untilParts(seen, 3);
  await setNetwork(page, { offline: true });
  await page.getByText('Connexion perdue.').waitFor();
  await setNetwork(page, { speed: SLOW });
  await untilParts(seen, 6);
  isDown = true;
  await page.getByText('Connexion perdue.').waitFor();
  isDown = false;
  await card(page, 'accepted').waitFor();
  await assertEachPartOnce(seen);
});

/** Lets the first PUT of each of these parts reach the store, then loses the store's answer to it. */
async function loseAnswers({ page, context, numbers, answerInstead }) {
  const left = new Set(numbers);
  const line = await context.newCDPSession(page);
  line.on('Fetch.requestPaused', ({ requestId, request }) => {
    const isPut = request.method === 'PUT';
    const number = Number(new URL(request.url).searchParams.get('partNumber'));
    if (!isPut || !left.delete(number)) return line.send('Fetch.continueRequest', { requestId });
    return answerInstead
      ? line.send('Fetch.fulfillRequest', { requestId, ...answerInstead })
      : line.send('Fetch.failRequest', { requestId, errorReason: 'ConnectionReset' });
  });
  const patterns = [{ urlPattern: '*partNumber=*', requestStage: 'Response' }];
  await line.send('Fetch.enable', { patterns });
  return left;
}

const GATEWAY = {
  responseCode: 504,
  responseHeaders: [{ name: 'Access-Control-Allow-Origin', value: '*' }],
};
for (const [how, answerInstead] of [
  ['on the line', null],
  ['by a proxy', GATEWAY],
])
  test(`a part whose answer was lost ${how} is not sent again where the store has it`, async () => {
    const { page, context, seen, faults } = await openUploads();
    const left = await loseAnswers({ page, context, numbers: [1, 6, PARTS], answerInstead });
    await pick(page, film);
    await card(page, 'accepted').waitFor();
    assert.equal(left.size, 0, 'answers were lost');
    assert.equal(seen.sizes.length, PARTS, 'no part was sent twice');
    assert.deepEqual(faults, []);
  });

test('while the shop cannot say what its store has, a part whose answer was lost is not sent again', async () => {
  const { page, context, seen } = await openUploads();
  await loseAnswers({ page, context, numbers: [4] });
  let refusals = 0;
  await context.route(/\/api\/uploads\/[0-9a-f-]{36}$/, (route) => {
    if (seen.sizes.length < 4 || refusals === 2) return route.continue(); // before any part is on its way
    refusals += 1;
    const headers = { 'retry-after': '1', 'content-type': 'application/problem+json' };
    return route.fulfill({ status: 503, headers, body: '{}' });
  });
  await pick(page, film);
  await card(page, 'accepted').waitFor();
  assert.equal(refusals, 2);
  assert.equal(seen.sizes.length, PARTS, 'no part was sent twice');
});

test('a full store is told and waited for; while it is full nothing is sent, and no part twice', async () => {
  const { page, context, seen } = await openUploads({ speed: SLOW });
  let isFull = false;
  let refusals = 0;
  await context.route(/partNumber=/, (route) => {
    if (!isFull) return route.continue();
    refusals += 1;
    return route.fulfill(FULL);
  });
  await context.route(/\/api\/uploads\?open=1$/, async (route) => {
    const response = await route.fetch();
    const open = await response.json();
    await route.fulfill({ response, json: open.map((upload) => ({ ...upload, store_full: isFull })) });
  });
  await pick(page, film);
  await untilParts(seen, 3);
  isFull = true;
  await page.getByText('Le stockage de la boutique est plein.').waitFor();
  assert.equal(await page.getByText('Connexion perdue.').count(), 0);
  await page.getByText(/o\/s$/).waitFor({ state: 'hidden' }); // nothing is sent, so no speed is told
  await page.waitForTimeout(3000);
  assert.ok(refusals <= 3, `${refusals} parts were sent into a full store`); // those that were on their way
  isFull = false;
  await card(page, 'accepted').waitFor();
  await assertEachPartOnce(seen);
});

test('a store that says itself that it is full is waited for', async () => {
  const { page, context, seen } = await openUploads();
  const full = { ...FULL, status: 507, body: '<Error><Code>XMinioStorageFull</Code></Error>' };
  await context.route(/partNumber=2&/, (route) => route.fulfill(full), { times: 2 });
  await pick(page, clip);
  await page.getByText('Le stockage de la boutique est plein.').waitFor();
  await card(page, 'accepted').waitFor();
  assert.equal(new Set(seen.parts).size, seen.parts.length, 'no part was stored twice');
});

test('an upload that the store has forgotten starts over by itself and says so', async () => {
  const { page, seen } = await openUploads({ speed: SLOW });
  await pick(page, film);
  await untilParts(seen, 3);
  await forget();
  await page.getByText('l’envoi a recommencé depuis le début').waitFor();
  await card(page, 'accepted').waitFor();
});

test('an upload whose part the store holds with other bytes, and cannot replace, starts over', async () => {
  const { page, context } = await openUploads();
  const refused = { status: 501, headers: { 'access-control-allow-origin': '*' } };
  await context.route(/partNumber=2&/, (route) => route.fulfill(refused), { times: 1 });
  await pick(page, clip);
  await page.getByText('l’envoi a recommencé depuis le début').waitFor();
  await card(page, 'accepted').waitFor();
});

test('parts that turn out to be others once all were sent are sent again', async () => {
  const { page, context } = await openUploads();
  await context.route(
    /\/complete$/,
    (route) => route.fulfill({ status: 202, json: { state: 'verifying' } }), // and yet it is open
    { times: 1 },
  );
  await pick(page, clip);
  await card(page, 'accepted').waitFor();
  assert.deepEqual(await uploads(), [{ purpose: 'file', state: 'accepted' }]);
});

test('who comes back to an upload that the store has forgotten is told, and sends the file again', async () => {
  const first = await openUploads({ speed: SLOW });
  const { seen } = first;
  await pick(first.page, film);
  await untilParts(seen, 3);
  await first.page.close();
  await forget();
  const { page } = await openUploads({ context: first.context });
  await card(page, 'needs_file').getByText('Le stockage avait oublié les premières parties').waitFor();
  await pick(page, film);
  await card(page, 'accepted').waitFor();
});

test('with after_payment nothing is sent before the fee is paid, across a reload, and the copy is removed', async () => {
  const { shop, person } = await openPaidShop();
  const first = await openUploads({}, { shop, person });
  const { seen } = first;
  await pick(first.page, film);
  await card(first.page, 'waiting_payment').waitFor();
  await first.page.getByText('Le fichier reste sur cet appareil').waitFor();
  await first.page.getByRole('button', { name: 'Payer les frais' }).waitFor();
  assert.equal(await bytesOf(seen), 0);
  await first.page.close();
  await shop.do('pay_fee', { product: person.product });
  const { page } = await openUploads({ context: first.context }, { shop, person });
  await card(page, 'accepted').waitFor();
  await assertEachPartOnce(seen);
  assert.equal(await countKept(page), 0);
});

test('a failed payment is said and loses nothing', async () => {
  const { shop, person } = await openPaidShop();
  const { page } = await openUploads({}, { shop, person });
  await pick(page, clip);
  await card(page, 'waiting_payment').waitFor();
  await shop.do('give_up_fee', { product: person.product });
  await page.getByText('Le paiement a échoué.').waitFor();
  await shop.do('pay_fee', { product: person.product });
  await card(page, 'accepted').waitFor();
});

test('several files make a queue, and an empty one is refused before anything is sent', async () => {
  const empty = join(folder, 'empty.zip');
  await writeFile(empty, '');
  const small = join(folder, 'small.txt');
  await writeFile(small, 'small');
  const { page } = await openUploads();
  await pick(page, [clip, empty, small]);
  await card(page, 'refused').getByText('est vide').waitFor();
  await card(page, 'accepted').nth(1).waitFor();
  assert.equal((await uploads()).length, 2);
});

test('a picture is shown from the device before the product is made, then both are uploaded', async () => {
  const picture = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
    'base64',
  );
  const { page } = await openPage(stage, { path: '/products/new', person: seller });
  await page.getByLabel('Titre').fill('Cours');
  await page.getByLabel('Telegram Stars').fill('5');
  const inputs = page.locator('input[type=file]');
  await inputs.nth(0).setInputFiles({ name: 'c.png', mimeType: 'image/png', buffer: picture });
  await page.getByAltText('Aperçu de c.png').waitFor();
  await page.locator('input[type=file]').last().setInputFiles(clip);
  await page.getByRole('button', { name: 'Créer et envoyer' }).click();
  await card(page, 'accepted').nth(1).waitFor();
  const purposes = (await uploads()).map(({ purpose }) => purpose);
  assert.deepEqual(purposes.sort(), ['file', 'picture']);
});

/** What the browser still keeps of uploads. */
function countKept(page) {
  return page.evaluate(
    () =>
      new Promise((resolve) => {
        const opening = indexedDB.open('comptoir');
        opening.onsuccess = () => {
          const count = opening.result.transaction('kept').objectStore('kept').count();
          count.onsuccess = () => resolve(count.result);
        };
      }),
  );
}
