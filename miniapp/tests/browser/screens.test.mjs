// Every screen, in both themes and three widths: drawn, photographed, and accessible.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { findBarriers, openPage, openStage } from './stage.mjs';

const PHOTOS = process.env.SCREENSHOTS ?? fileURLToPath(new URL('../../var/screenshots/', import.meta.url));
const SCREENS = {
  products: '/products',
  new: '/products/new',
  edit: '/products/12/edit',
  upload: '/upload?product=12',
  view: '/p/photo-de-nuit',
  'view-book': '/p/book',
  'view-archive': '/p/archive',
  'view-sound': '/p/sound',
  'view-notes': '/p/notes',
  'view-program': '/p/program',
  library: '/library',
  sales: '/sales',
  memberships: '/memberships',
  members: '/members',
  numbers: '/numbers',
  people: '/people',
  missing: '/p/unknown',
};

let stage;
let folder;
before(async () => {
  await mkdir(PHOTOS, { recursive: true });
  stage = await openStage();
  folder = await mkdtemp(join(tmpdir(), 'miniapp-'));
});
after(async () => {
  await stage.close();
  await rm(folder, { recursive: true });
});

for (const theme of ['light', 'dark']) {
  for (const [name, path] of Object.entries(SCREENS)) {
    test(`the ${name} screen is readable, accessible and fits in the ${theme} theme`, async () => {
      const { page, context, faults } = await openPage(stage, { path, theme });
      await page.locator('.spinner').waitFor({ state: 'detached' });
      for (const width of [320, 390, 600]) {
        await page.setViewportSize({ width, height: 844 });
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        assert.equal(overflow, 0, `nothing sticks out at ${width} px`);
        await page.screenshot({ path: `${PHOTOS}/${name}-${theme}-${width}.png`, fullPage: true });
      }
      assert.deepEqual(await findBarriers(page), []);
      assert.deepEqual(faults, []);
      await context.close();
    });
  }
}

for (const theme of ['light', 'dark']) {
  test(`the upload queue in all its states is accessible and fits in the ${theme} theme`, async () => {
    stage.shop.knobs.holdFrom = 3;
    const { page, context } = await openPage(stage, { path: '/upload?product=12', theme });
    const add = (name, size) =>
      writeFile(join(folder, name), Buffer.alloc(size, theme)).then(() =>
        page.locator('input[type=file]').first().setInputFiles(join(folder, name)),
      );
    await add('notes.txt', 10);
    await page.locator('li[data-phase=accepted]').waitFor();
    await add('vide.zip', 0);
    await add('cours-de-nuit-partie-1.mp4', 32 * 1024 ** 2);
    await page.getByText(/Mo\/s$/).waitFor();
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await add('cours-de-nuit-partie-2.mp4', 33 * 1024 ** 2);
    await page.getByText(/Mo\/s$/).waitFor();
    for (const width of [320, 390, 600]) {
      await page.setViewportSize({ width, height: 844 });
      await page.screenshot({ path: `${PHOTOS}/queue-${theme}-${width}.png`, fullPage: true });
    }
    assert.deepEqual(await findBarriers(page), []);
    stage.shop.knobs.holdFrom = Number.POSITIVE_INFINITY;
    stage.shop.uploads.clear();
    await context.close();
  });
}

test('a teaser plays by itself, muted and looped, but not for who asked for less motion', async () => {
  for (const reducedMotion of ['no-preference', 'reduce']) {
    const own = await stage.browser.newContext({ reducedMotion });
    const { page, context } = await openPage(stage, { path: '/p/photo-de-nuit', context: own });
    const look = await page.locator('video.picture').evaluate((video) => ({
      muted: video.muted,
      loop: video.loop,
      autoplay: video.autoplay,
      controls: video.controls,
      poster: new URL(video.poster).pathname,
    }));
    const calm = reducedMotion === 'reduce';
    assert.deepEqual(look, {
      muted: true,
      loop: true,
      autoplay: !calm,
      controls: calm,
      poster: '/previews/12/0',
    });
    await context.close();
  }
  assert.equal(stage.shop.seen.teasers > 0, true);
});

test('the language can be switched on the page and the shop is told', async () => {
  const { page, context } = await openPage(stage, { path: '/library' });
  assert.equal(await page.locator('h1').textContent(), 'Ma bibliothèque');
  await page.getByRole('button', { name: 'English' }).click();
  assert.equal(await page.locator('h1').textContent(), 'My library');
  assert.equal(await page.getAttribute('html', 'lang'), 'en');
  await page.waitForFunction(() =>
    performance.getEntriesByType('resource').some((e) => e.name.endsWith('/api/me')),
  );
  assert.equal(stage.shop.knobs.language, 'en');
  stage.shop.knobs.language = 'fr';
  await context.close();
});

test('a new product is made with the keyboard alone, and what is wrong is said', async () => {
  const { page, context } = await openPage(stage, { path: '/products/new' });
  await page.getByRole('button', { name: 'Créer le brouillon' }).press('Enter');
  await page.getByText('Donnez un titre au produit.').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.id), 'title');
  await page.keyboard.type('Cours de nuit');
  await page.keyboard.press('Tab');
  await page.keyboard.type('Six heures.');
  await page.getByLabel('Telegram Stars').fill('450');
  await page.getByLabel('Crypto', { exact: true }).fill('19,90');
  await page.getByRole('button', { name: 'Créer le brouillon' }).press('Enter');
  await page.getByRole('heading', { name: 'Cours de nuit' }).waitFor();
  const { idempotency_key, ...draft } = stage.shop.seen.drafts.at(-1);
  assert.match(idempotency_key, /^[\da-f-]{36}$/);
  assert.deepEqual(draft, {
    title: 'Cours de nuit',
    description: 'Six heures.',
    kind: 'file',
    prices: { stars: { amount: 450, currency: 'XTR' }, crypto: { amount: 1990, currency: 'EUR' } },
  });
  await context.close();
});

test('somebody without a shop comes to the library, and is told how to open a shop', async () => {
  const { shop } = stage.shop.knobs;
  stage.shop.knobs.shop = null;
  const { page, context, faults } = await openPage(stage, { path: '' });
  assert.equal(await page.locator('h1').textContent(), 'Ma bibliothèque');
  await page.getByRole('link', { name: 'Envoi' }).click();
  await page.getByText('Vous n’avez pas encore de boutique').waitFor();
  assert.deepEqual(faults, []);
  stage.shop.knobs.shop = shop;
  await context.close();
});

test('an open listing fee is offered to be paid where publishing is refused', async () => {
  stage.shop.products[0].status = 'unpublished';
  stage.shop.products[0].files = [
    { id: 'x', name: 'a.zip', size: 9, content_type: 'application/zip', status: 'accepted' },
  ];
  const { page, context } = await openPage(stage);
  await page.getByRole('button', { name: 'Mettre en vente' }).first().click();
  await page.getByRole('button', { name: 'Payer les frais' }).waitFor();
  await context.close();
});
