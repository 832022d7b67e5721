// The upload itself, in Chromium against the tests' store: close, lose, expire, forget, pay.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { openPage, openStage } from './stage.mjs';

const MIB = 1024 ** 2;
const SIZE = 62 * MIB; // twelve parts of 5 MiB and one of 2
const PARTS = 13;
const PATH = '/upload?product=12';

let stage;
let folder;
let film;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'miniapp-'));
  film = join(folder, 'film.bin');
  await writeFile(film, randomBytes(SIZE));
});
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());
after(() => rm(folder, { recursive: true }));

const pick = (page, files) => page.locator('input[type=file]').first().setInputFiles(files);
const card = (page, phase) => page.locator(`li[data-phase=${phase}]`);
const percent = (page) => page.locator('.percent').first().textContent();

/** Waits until the store holds at least `count` parts. */
async function untilParts(count) {
  const deadline = Date.now() + 30_000;
  while (stage.shop.seen.parts.length < count) {
    assert.ok(Date.now() < deadline, `the store has ${stage.shop.seen.parts.length} of ${count} parts`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Each part of the one upload arrived exactly once. */
function assertEachPartOnce() {
  const { parts } = stage.shop.seen;
  assert.equal(new Set(parts).size, parts.length, 'no part was stored twice');
  assert.equal(parts.length, PARTS);
}

test('a file is uploaded, checked and accepted, with few signatures asked for', async () => {
  const { page, faults } = await openPage(stage, { path: PATH });
  await pick(page, film);
  await card(page, 'accepted').waitFor();
  await page.getByText('Envoi terminé').waitFor();
  await page.getByRole('button', { name: 'Fermer' }).waitFor();
  assertEachPartOnce();
  assert.equal(stage.shop.seen.bytes, SIZE);
  assert.deepEqual(stage.shop.seen.signed, [PARTS]);
  assert.deepEqual(faults, []);
});

test('percent, sizes, speed and time left are shown while it runs', async () => {
  stage.shop.knobs.slowPart = 300;
  const { page } = await openPage(stage, { path: PATH });
  await pick(page, film);
  await page.getByText(/^encore \d+ (s|min)$/).waitFor();
  await page.getByText(/^[\d,\s]+ Mo\/s$/).waitFor();
  await page.getByText(/ sur 62 Mo$/).waitFor();
  assert.match(await percent(page), /^\d+\s%$/);
  assert.equal(await page.getByRole('progressbar').getAttribute('aria-valuemax'), '100');
});

test('an upload cut by closing the page goes on when the same file is picked again', async () => {
  stage.shop.knobs.slowPart = 150;
  const first = await openPage(stage, { path: PATH });
  await pick(first.page, film);
  await untilParts(5);
  await first.page.close();
  const { page } = await openPage(stage, { path: PATH, context: first.context });
  await card(page, 'needs_file').waitFor();
  await page.getByText(/Inachevé\s: \d+\s% est déjà dans la boutique/).waitFor();
  await pick(page, film);
  await card(page, 'accepted').waitFor();
  assertEachPartOnce();
  assert.ok(stage.shop.seen.bytes <= SIZE + 3 * 5 * MIB, 'at most three parts were sent for nothing');
  assert.equal(stage.shop.uploads.size, 1);
});

test('where the browser kept a handle the upload goes on by itself', async () => {
  stage.shop.knobs.slowPart = 150;
  const first = await openPage(stage, { path: PATH });
  await first.page.evaluate(async (size) => {
    // A file of the origin's own file system: a real handle, without the system's dialogue.
    const handle = await (await navigator.storage.getDirectory()).getFileHandle('own.bin', { create: true });
    const writable = await handle.createWritable();
    await writable.write(new Uint8Array(size));
    await writable.close();
    window.showOpenFilePicker = async () => [handle];
  }, SIZE);
  await first.page.getByRole('button', { name: 'Déposez vos fichiers ici' }).click();
  await untilParts(4);
  await first.page.close();
  const { page } = await openPage(stage, { path: PATH, context: first.context });
  await card(page, 'accepted').waitFor();
  assertEachPartOnce();
  assert.equal(await countKept(page), 0);
});

test('a session that has run out in the middle is opened again', async () => {
  stage.shop.knobs.slowPart = 100;
  const { page } = await openPage(stage, { path: PATH });
  await pick(page, film);
  await untilParts(3);
  stage.shop.seen.sessions += 10;
  await card(page, 'accepted').waitFor();
  assert.equal(stage.shop.seen.sessions, 12);
  assertEachPartOnce();
});

test('another file of the same size is refused for an unfinished upload', async () => {
  stage.shop.knobs.slowPart = 150;
  const first = await openPage(stage, { path: PATH });
  await pick(first.page, film);
  await untilParts(2);
  await first.page.close();
  const other = join(folder, 'other.bin');
  await writeFile(other, randomBytes(SIZE));
  const { page } = await openPage(stage, { path: PATH, context: first.context });
  await card(page, 'needs_file').locator('input[type=file]').setInputFiles(other);
  await page.getByText('C’est un autre fichier.').waitFor();
  assert.equal(await card(page, 'needs_file').count(), 1);
});

test('pause keeps what arrived, resume sends the rest, cancel deletes', async () => {
  stage.shop.knobs.slowPart = 150;
  const { page } = await openPage(stage, { path: PATH });
  await pick(page, film);
  await untilParts(3);
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await card(page, 'paused').waitFor();
  const held = stage.shop.seen.parts.length;
  await page.getByRole('button', { name: 'Reprendre' }).click();
  await untilParts(held + 3);
  await page.getByRole('button', { name: 'Annuler' }).click();
  await card(page, 'sending').waitFor({ state: 'detached' });
  const deadline = Date.now() + 5000;
  while (stage.shop.seen.deleted.length === 0 && Date.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 10));
  assert.equal(stage.shop.seen.deleted.length, 1);
  assert.equal(stage.shop.uploads.size, 0);
});

test('URLs that have expired are signed again', async () => {
  stage.shop.knobs.expireUrls = 5;
  const { page } = await openPage(stage, { path: PATH });
  await pick(page, film);
  await card(page, 'accepted').waitFor();
  assertEachPartOnce();
});

test('a lost network and a restarting store are waited for, and nothing finished is lost', async () => {
  stage.shop.knobs.slowPart = 100;
  const { page, context } = await openPage(stage, { path: PATH });
  await pick(page, film);
  await untilParts(3);
  await context.setOffline(true);
  await page.getByText('Connexion perdue.').waitFor();
  await context.setOffline(false);
  await untilParts(6);
  stage.shop.knobs.storeDown = true;
  await page.getByText('Connexion perdue.').waitFor();
  stage.shop.knobs.storeDown = false;
  await card(page, 'accepted').waitFor();
  assertEachPartOnce();
});

test('an upload that the store has forgotten starts over by itself and says so', async () => {
  stage.shop.knobs.slowPart = 100;
  const { page } = await openPage(stage, { path: PATH });
  await pick(page, film);
  await untilParts(3);
  for (const upload of stage.shop.uploads.values()) Object.assign(upload, { forgotten: true, state: 'lost' });
  await page.getByText('l’envoi a recommencé depuis le début').waitFor();
  await card(page, 'accepted').waitFor();
});

test('who comes back to an upload that the store has forgotten is told, and sends the file again', async () => {
  stage.shop.knobs.slowPart = 100;
  const first = await openPage(stage, { path: PATH });
  await pick(first.page, film);
  await untilParts(3);
  await first.page.close();
  stage.shop.knobs.forgetAtLook = true;
  const { page } = await openPage(stage, { path: PATH, context: first.context });
  await card(page, 'needs_file').getByText('Le stockage avait oublié les premières parties').waitFor();
  await pick(page, film);
  await card(page, 'accepted').waitFor();
});

test('with after_payment nothing is sent before the fee is paid, across a reload, and the copy is removed', async () => {
  Object.assign(stage.shop.knobs, { policy: 'after_payment', paid: false });
  const first = await openPage(stage, { path: PATH });
  await pick(first.page, film);
  await card(first.page, 'waiting_payment').waitFor();
  await first.page.getByText('Le fichier reste sur cet appareil').waitFor();
  await first.page.getByRole('button', { name: 'Payer les frais' }).waitFor();
  assert.equal(stage.shop.seen.bytes, 0);
  await first.page.close();
  stage.shop.knobs.paid = true;
  const { page } = await openPage(stage, { path: PATH, context: first.context });
  await card(page, 'accepted').waitFor();
  assertEachPartOnce();
  assert.equal(await countKept(page), 0);
});

test('a failed payment is said and loses nothing', async () => {
  Object.assign(stage.shop.knobs, { policy: 'after_payment', paid: false });
  const { page } = await openPage(stage, { path: PATH });
  await pick(page, film);
  await card(page, 'waiting_payment').waitFor();
  for (const upload of stage.shop.uploads.values()) upload.payment_status = 'failed';
  await page.getByText('Le paiement a échoué.').waitFor();
  stage.shop.knobs.paid = true;
  await card(page, 'accepted').waitFor();
});

test('several files make a queue, and an empty one is refused before anything is sent', async () => {
  const empty = join(folder, 'empty.zip');
  await writeFile(empty, '');
  const small = join(folder, 'small.txt');
  await writeFile(small, 'small');
  const { page } = await openPage(stage, { path: PATH });
  await pick(page, [film, empty, small]);
  await card(page, 'refused').getByText('est vide').waitFor();
  await card(page, 'accepted').nth(1).waitFor();
  assert.equal(stage.shop.uploads.size, 2);
});

test('a refused file says why', async () => {
  stage.shop.knobs.reason = 'les octets ne sont pas ceux d’un ZIP';
  const { page } = await openPage(stage, { path: PATH });
  await pick(page, film);
  await card(page, 'refused').getByText('les octets ne sont pas ceux d’un ZIP').waitFor();
});

test('a picture is shown from the device before the product is made, then both are uploaded', async () => {
  const picture = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
    'base64',
  );
  const { page } = await openPage(stage, { path: '/products/new' });
  await page.getByLabel('Titre').fill('Cours');
  await page.getByLabel('Telegram Stars').fill('5');
  const inputs = page.locator('input[type=file]');
  await inputs.nth(0).setInputFiles({ name: 'c.png', mimeType: 'image/png', buffer: picture });
  await page.getByAltText('Aperçu de c.png').waitFor();
  await page.locator('input[type=file]').last().setInputFiles(film);
  await page.getByRole('button', { name: 'Créer et envoyer' }).click();
  await card(page, 'accepted').nth(1).waitFor();
  const purposes = [...stage.shop.uploads.values()].map(({ purpose }) => purpose);
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
