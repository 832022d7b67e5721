// Every screen, in both themes and three widths: drawn, photographed, and accessible.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openShop } from './shop.mjs';
import { findBarriers, fitInto, openPage, openStage, photograph } from './stage.mjs';

const product = (name) => (shop) => `/p/${shop.products[name].slug}`;
const SCREENS = {
  products: () => '/products',
  new: () => '/products/new',
  edit: ({ products }) => `/products/${products.night.id}/edit`,
  upload: ({ products }) => `/upload?product=${products.night.id}`,
  view: product('night'),
  'view-book': product('book'),
  'view-archive': product('archive'),
  'view-sound': product('sound'),
  'view-notes': product('notes'),
  'view-program': product('program'),
  library: () => '/library',
  sales: () => '/sales',
  orders: () => '/orders',
  order: ({ order }) => `/orders/${order}`,
  cards: () => '/cards',
  statement: () => '/statement',
  memberships: () => '/memberships',
  members: () => '/members',
  numbers: () => '/numbers',
  people: () => '/people',
  settings: () => '/settings',
  missing: () => '/p/unknown',
};
/** Whose screens these are, where it is not the seller. */
const WHOSE = { library: 'buyer', memberships: 'member' };

let stage;
let folder;
before(async () => {
  stage = await openStage({ filled: true });
  folder = await mkdtemp(join(tmpdir(), 'miniapp-'));
});
after(async () => {
  await stage.close();
  await rm(folder, { recursive: true });
});

for (const theme of ['light', 'dark']) {
  for (const [name, pathIn] of Object.entries(SCREENS)) {
    test(`the ${name} screen is readable, accessible and fits in the ${theme} theme`, async () => {
      const { shop } = stage;
      const person = shop.people[WHOSE[name] ?? 'seller'];
      const { page, context, faults } = await openPage(stage, { path: pathIn(shop), theme, person });
      await page.waitForFunction(() => document.querySelector('.spinner') === null);
      await fitInto(page, [320, 390, 600], `${name}-${theme}`);
      assert.deepEqual(await findBarriers(page), []);
      assert.deepEqual(faults, []);
      await context.close();
    });
  }
}

for (const theme of ['light', 'dark']) {
  test(`the upload queue in all its states is accessible and fits in the ${theme} theme`, async () => {
    const person = await stage.shop.do('new_seller');
    const path = `/upload?product=${person.product}`;
    const { page, context } = await openPage(stage, { path, theme, person });
    await context.route(/partNumber=[3-9]/, () => undefined); // these parts are never answered
    const add = async (name, size) => {
      const start = name.endsWith('.mp4') ? '\0\0\0\x18ftypmp42' : theme; // a film begins as one
      await writeFile(join(folder, name), Buffer.alloc(size, start));
      await page.locator('input[type=file]').first().setInputFiles(join(folder, name));
    };
    await add('notes.txt', 10);
    await page.locator('li[data-phase=accepted]').waitFor();
    await add('vide.zip', 0);
    await add('cours-de-nuit-partie-1.mp4', 32 * 1024 ** 2);
    await page.getByText(/Mo\/s$/).waitFor();
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await add('cours-de-nuit-partie-2.mp4', 33 * 1024 ** 2);
    await page.getByText(/Mo\/s$/).waitFor();
    await fitInto(page, [320, 390, 600], `queue-${theme}`);
    assert.deepEqual(await findBarriers(page), []);
    await context.close();
  });
}

test('a teaser plays by itself, muted and looped, but not for who asked for less motion', async () => {
  const path = product('night')(stage.shop);
  for (const reducedMotion of ['no-preference', 'reduce']) {
    const own = await stage.browser.newContext({ reducedMotion });
    const { page, context, seen } = await openPage(stage, { path, context: own });
    const look = await page.locator('video.picture').evaluate((video) => ({
      muted: video.muted,
      loop: video.loop,
      autoplay: video.autoplay,
      controls: video.controls,
      poster: new URL(video.poster).pathname,
    }));
    const calm = reducedMotion === 'reduce';
    const { poster, ...manner } = look;
    assert.deepEqual(manner, { muted: true, loop: true, autoplay: !calm, controls: calm });
    assert.match(poster, /^\/previews\/[\da-f-]{36}\/0$/);
    if (!calm) assert.equal(seen.teasers > 0, true);
    await context.close();
  }
});

for (const theme of ['light', 'dark'])
  test(`a shop for trying says so on every screen, in both languages, in the ${theme} theme`, async () => {
    const trial = { ...stage, shop: await openShop({ env: 'test' }) };
    const person = await trial.shop.do('new_person');
    const { page, context } = await openPage(trial, { path: '/library', person, theme, width: 320 });
    const note = page.getByRole('note');
    const inBoth = async () => {
      assert.match(await note.textContent(), /^Cette boutique est là pour être essayée/);
      await page.getByRole('button', { name: 'English' }).click();
      assert.match(await note.textContent(), /^This shop is for trying only/);
    };
    await inBoth();
    await photograph(page, `trial-${theme}-320`);
    assert.deepEqual(await findBarriers(page), []);
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
    assert.equal(await note.count(), 1);
    await context.close();
  });

test('no other shop says that it is for trying', async () => {
  const { page, context } = await openPage(stage, { path: '/library', person: stage.shop.people.buyer });
  assert.equal(await page.getByRole('note').count(), 0);
  await context.close();
});

test('the language can be switched on the page and the shop is told', async () => {
  const person = await stage.shop.do('new_person');
  const { page, context } = await openPage(stage, { path: '/library', person });
  assert.equal(await page.locator('h1').textContent(), 'Ma bibliothèque');
  await page.getByRole('button', { name: 'English' }).click();
  assert.equal(await page.locator('h1').textContent(), 'My library');
  assert.equal(await page.getAttribute('html', 'lang'), 'en');
  await page.waitForFunction(() =>
    performance.getEntriesByType('resource').some((e) => e.name.endsWith('/api/me')),
  );
  assert.equal(await stage.shop.do('language', { telegram_id: person.telegram_id }), 'en');
  await context.close();
});

test('a new product is made with the keyboard alone, and what is wrong is said', async () => {
  const { page, context, seen } = await openPage(stage, { path: '/products/new' });
  await page.getByRole('button', { name: 'Créer le brouillon' }).press('Enter');
  await page.getByText('Donnez un titre au produit.').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.id), 'title');
  await page.keyboard.type('Cours de nuit');
  await page.keyboard.press('Tab');
  await page.keyboard.type('Six heures.');
  await page.getByLabel('Telegram Stars').fill('450');
  await page.getByLabel('Crypto', { exact: true }).fill('19,90');
  await page.getByRole('button', { name: 'Une autre monnaie · Crypto' }).press('Enter');
  await page.getByLabel('Crypto, en USD').fill('22');
  await page.getByRole('button', { name: 'Créer le brouillon' }).press('Enter');
  await page.getByRole('heading', { name: 'Cours de nuit' }).waitFor();
  const { idempotency_key, ...draft } = seen.drafts.at(-1);
  assert.match(idempotency_key, /^[\da-f-]{36}$/);
  assert.deepEqual(draft, {
    title: 'Cours de nuit',
    description: 'Six heures.',
    kind: 'file',
    prices: {
      stars: [{ amount: 450, currency: 'XTR' }],
      crypto: [
        { amount: 1990, currency: 'EUR' },
        { amount: 2200, currency: 'USD' },
      ],
    },
  });
  await context.close();
});

test('somebody without a shop comes to the library, and is told how to open a shop', async () => {
  const { page, context, faults } = await openPage(stage, { path: '', person: stage.shop.people.buyer });
  assert.equal(await page.locator('h1').textContent(), 'Ma bibliothèque');
  await page.getByRole('link', { name: 'Envoi' }).click();
  await page.getByText('Vous n’avez pas encore de boutique').waitFor();
  assert.deepEqual(faults, []);
  await context.close();
});

test('a closed shop shows its seller the way to open it, and nothing as on sale', async () => {
  const person = await stage.shop.do('closed_seller');
  const { page, context } = await openPage(stage, { person });
  const pay = page.getByRole('button', { name: /^Payer un mois/ });
  assert.match(await pay.getAttribute('class'), /primary/);
  await page.getByText('Boutique fermée', { exact: true }).waitFor();
  assert.equal(await page.getByText('En vente', { exact: true }).count(), 0);
  await photograph(page, 'closed-shop');
  await context.close();
});

test('an open listing fee is offered to be paid where publishing is refused', async () => {
  const { page, context } = await openPage(stage);
  const pay = { bot_link: 'https://t.me/comptoir_bot?start=fee', price: { amount: 50, currency: 'XTR' } };
  await context.route('**/publish', (route) =>
    route.fulfill({ status: 402, json: { status: 402, detail: 'Frais de mise en vente à payer.', pay } }),
  );
  await page.getByRole('button', { name: 'Mettre en vente' }).first().click();
  await page.getByRole('button', { name: 'Payer les frais' }).waitFor();
  await context.close();
});
