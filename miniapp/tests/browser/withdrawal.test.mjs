// Taking a product off sale: one slip of a finger does not do it.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { findBarriers, fitInto, openPage, openStage } from './stage.mjs';

const WORDS = {
  fr: {
    publish: 'Mettre en vente',
    withdraw: 'Retirer de la vente',
    question:
      /^Le retirer de la vente.\? Personne ne pourra plus le trouver ni l’acheter. Ceux qui l’ont acheté le gardent.$/,
    yes: 'Oui, le retirer de la vente',
    keep: 'Non, garder',
    on: 'En vente',
    off: 'Hors vente',
  },
  en: {
    publish: 'Put on sale',
    withdraw: 'Take off sale',
    question: 'Take it off sale? Nobody can find or buy it then. Those who bought it keep it.',
    yes: 'Yes, take it off sale',
    keep: 'No, keep it',
    on: 'On sale',
    off: 'Off sale',
  },
};

let stage;
let folder;
before(async () => {
  stage = await openStage();
  folder = await mkdtemp(join(tmpdir(), 'miniapp-'));
});
after(async () => {
  await stage.close();
  await rm(folder, { recursive: true });
});

/** A seller's list with one product on it, with a file and on sale. */
async function openOnSale(options) {
  const person = await stage.shop.do('new_seller');
  const opened = await openPage(stage, { path: `/upload?product=${person.product}`, person, ...options });
  const { page } = opened;
  const file = join(folder, `${person.product}.txt`);
  await writeFile(file, `un cours pour ${person.product}\n`.repeat(900));
  await page.locator('input[type=file]').first().setInputFiles(file);
  await page.locator('li[data-phase=accepted]').waitFor();
  await page.evaluate(() => {
    location.hash = '/products';
  });
  const { publish, withdraw } = WORDS[options.language];
  await page.getByRole('button', { name: publish, exact: true }).click();
  await page.getByRole('button', { name: withdraw, exact: true }).waitFor();
  return opened;
}

/** What the page has asked the shop to withdraw. */
function watchWithdrawals(page) {
  const asked = [];
  page.on('request', (request) => {
    if (request.method() !== 'GET' && request.url().includes('/api/products/')) asked.push(request.url());
  });
  return asked;
}

for (const [language, theme] of [
  ['fr', 'light'],
  ['en', 'dark'],
])
  test(`a seller is asked before a product goes off sale, in ${language} and the ${theme} theme`, async () => {
    const words = WORDS[language];
    const { page, context, faults } = await openOnSale({ language, theme });
    const asked = watchWithdrawals(page);
    const button = (name) => page.getByRole('button', { name, exact: true });
    const status = (name) => page.locator('li.card').getByText(name, { exact: true });

    await button(words.withdraw).click();
    await page.getByText(words.question).waitFor();
    await fitInto(page, [320, 390, 600], `withdrawal-${language}-${theme}`);
    assert.deepEqual(await findBarriers(page), []);

    await button(words.keep).click();
    await button(words.withdraw).waitFor();
    assert.equal(await page.getByText(words.question).count(), 0);
    assert.deepEqual(asked, [], 'asking and keeping change nothing');
    await page.reload();
    await status(words.on).waitFor();

    await button(words.withdraw).click();
    await button(words.yes).click();
    await status(words.off).waitFor();
    await button(words.publish).waitFor();
    assert.equal(asked.length, 1);
    assert.deepEqual(faults, []);
    await context.close();
  });
