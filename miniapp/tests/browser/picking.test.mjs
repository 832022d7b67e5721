// How files come to the upload page: its words, what is dropped, what is too large, and trying again.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { openShop } from './shop.mjs';
import { openPage, openStage, photograph } from './stage.mjs';

const LIMIT = 1_000_000;

let stage;
let shop;
before(async () => {
  stage = await openStage();
  shop = await openShop({ max_upload_size: LIMIT });
});
afterEach(() => Promise.all(stage.browser.contexts().map((context) => context.close())));
after(() => stage.close());

async function openUploads(options = {}) {
  const person = await shop.do('new_seller');
  const path = `/upload?product=${person.product}`;
  const opened = await openPage({ ...stage, shop }, { path, person, ...options });
  return { ...opened, person };
}

const card = (page, phase) => page.locator(`li[data-phase=${phase}]`);

/** Files as the browser hands them over when they are dragged onto the page. */
const dragged = (page, files) =>
  page.evaluateHandle((each) => {
    const transfer = new DataTransfer();
    for (const [name, words] of each) transfer.items.add(new File([words], name, { type: 'text/plain' }));
    return transfer;
  }, files);

test('the page says what is sent, how large it may be, and both ways to pick it', async () => {
  const { page } = await openUploads();
  await page.getByRole('heading', { name: 'Envoyer des fichiers' }).waitFor();
  await page.getByText(/Fichiers jusqu’à \d+\s[KM]o/).waitFor();
  await page.getByText('Déposez vos fichiers ici').waitFor();
  await page.getByText('ou touchez pour les choisir').waitFor();
});

test('the zone shows that files over it would be taken, and what is dropped is sent', async () => {
  const { page } = await openUploads();
  const zone = page.locator('.drop').first();
  const dataTransfer = await dragged(page, [
    ['notes.txt', 'notes'],
    ['more.txt', 'more'],
  ]);
  await zone.dispatchEvent('dragover', { dataTransfer });
  await page.locator('.drop.over').waitFor();
  await zone.dispatchEvent('dragleave', { dataTransfer });
  await page.locator('.drop:not(.over)').first().waitFor();
  await zone.dispatchEvent('dragover', { dataTransfer });
  await zone.dispatchEvent('drop', { dataTransfer });
  await card(page, 'accepted').nth(1).waitFor();
  assert.equal(await page.locator('.drop.over').count(), 0);
});

test('a touch on the zone opens the picker', async () => {
  const { page } = await openUploads();
  await page.evaluate(() => {
    delete window.showOpenFilePicker; // as in Telegram's own web views
  });
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.locator('.drop').first().click(),
  ]);
  await chooser.setFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('notes') });
  await card(page, 'accepted').waitFor();
});

test('a file above the limit is refused with both sizes before anything is asked of the shop', async () => {
  const { page, person, seen } = await openUploads();
  const buffer = Buffer.alloc(LIMIT + 1, 'x');
  await page
    .locator('input[type=file]')
    .first()
    .setInputFiles({ name: 'film.txt', mimeType: 'text/plain', buffer });
  await card(page, 'refused')
    .getByText(/film.txt.* fait \d+\s[KM]o. Le plus grand fichier accepté ici fait \d+\s[KM]o./)
    .waitFor();
  assert.deepEqual(await shop.do('uploads', { telegram_id: person.telegram_id }), []);
  assert.deepEqual([seen.signed, seen.sizes], [[], []]);
});

const program = {
  mimeType: 'application/pdf',
  buffer: Buffer.concat([Buffer.from('MZ'), Buffer.alloc(500)]),
};
const archive = {
  mimeType: 'video/mp4',
  buffer: Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(500)]),
};

for (const [language, name, file, words] of [
  ['fr', 'cours.pdf', program, /cours.pdf est un programme.*Rien n’a été envoyé/],
  ['en', 'cours.pdf', program, /cours.pdf is a program.*Nothing was sent/],
  ['fr', 'film.mp4', archive, /est une vidéo, mais son contenu est une archive.*«\s.zip\s». Rien/],
  ['en', 'film.mp4', archive, /a video, but its content is an archive.*“.zip”. Nothing/],
]) {
  test(`${name} is refused in ${language} by its first bytes before any of it is sent`, async () => {
    const { page, person, seen } = await openUploads({ language });
    await page
      .locator('input[type=file]')
      .first()
      .setInputFiles({ name, ...file });
    const refused = card(page, 'refused');
    await refused.getByText(words).waitFor();
    assert.equal(await refused.getByRole('button', { name: /Réessayer|Try again/ }).count(), 0);
    assert.deepEqual(await shop.do('uploads', { telegram_id: person.telegram_id }), []);
    assert.deepEqual([seen.signed, seen.sizes], [[], []]);
    await photograph(page, `picking-${language}-${name}`, {});
  });
}

test('what the browser says of the type refuses nothing', async () => {
  const { page } = await openUploads();
  const pdf = { name: 'cours.pdf', mimeType: 'video/x-unheard-of', buffer: Buffer.from('%PDF-1.7\n') };
  await page.locator('input[type=file]').first().setInputFiles(pdf);
  await card(page, 'accepted').waitFor();
});

test('an upload that stopped says why, and goes on when it is tried again', async () => {
  const { page, context } = await openUploads();
  const problem = { title: 'Conflict', status: 409, code: 'busy', detail: 'La boutique est occupée.' };
  const complete = /\/api\/uploads\/[^/]+\/complete$/;
  await context.route(complete, (route) => route.fulfill({ status: 409, json: problem }));
  const notes = { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('notes') };
  await page.locator('input[type=file]').first().setInputFiles(notes);
  const stopped = card(page, 'failed');
  await stopped.getByText('L’envoi s’est arrêté').waitFor();
  await stopped.getByText('La boutique est occupée.').waitFor();
  await context.unroute(complete);
  await stopped.getByRole('button', { name: 'Réessayer' }).click();
  await card(page, 'accepted').getByText('Envoi terminé').waitFor();
});
