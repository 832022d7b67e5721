// What buyers see of a file: its seller chooses, and sends a sample.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { findBarriers, fitInto, openPage, openStage, photograph } from './stage.mjs';

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

const goTo = (page, path) =>
  page.evaluate((to) => {
    location.hash = to;
  }, path);

/** Sends a file by the screen's picker, and waits until the shop has taken it. */
async function send(page, name, text) {
  await writeFile(join(folder, name), text);
  await page.locator('input[type=file]').first().setInputFiles(join(folder, name));
  await page.locator('li[data-phase=accepted]', { hasText: name }).waitFor();
}

/** A seller with one file on the list of their products. */
async function openProducts(theme) {
  const person = await stage.shop.do('new_seller');
  const opened = await openPage(stage, { path: `/upload?product=${person.product}`, person, theme });
  await send(opened.page, 'cours.txt', `un cours de ${theme}\n`.repeat(900));
  await goTo(opened.page, '/products');
  await opened.page.locator('.shown summary').click();
  return { ...opened, now: (choice) => opened.page.getByText(`Visible avant l’achat\u00a0: ${choice}`) };
}

for (const theme of ['light', 'dark'])
  test(`a seller chooses what is shown of a file and sends a sample, in the ${theme} theme`, async () => {
    const { page, context, faults, now } = await openProducts(theme);
    const press = (name) => page.getByRole('button', { name, exact: true }).click();
    await now('Automatique').waitFor();
    await photograph(page, `shown-${theme}-390`);
    await press('Rien');
    await now('Rien').waitFor();
    assert.equal(await page.getByText('Envoyer un extrait').count(), 0);
    const isOpen = await page.locator('.shown').evaluate((details) => details.open);
    if (!isOpen) await page.locator('.shown summary').click();
    await press('Extrait');
    await page.getByText('Envoyer un extrait').waitFor();
    await now('Rien').waitFor(); // until a sample is there, nothing has changed
    await fitInto(page, [320, 390, 600], `shown-own-${theme}`);
    assert.deepEqual(await findBarriers(page), []);
    await send(page, 'extrait.txt', `les deux premières pages, ${theme}\n`);
    await page.getByText('Les acheteurs le verront dans un instant').waitFor();
    await goTo(page, '/products');
    await now('Extrait').waitFor();
    await page.locator('.shown summary').click();
    await page.getByText('Envoyer un autre extrait').waitFor();
    await press('Automatique');
    await now('Automatique').waitFor();
    assert.deepEqual(faults, []);
    await context.close();
  });

test('a sample that is too large is refused before it is sent', async () => {
  const { page, context, seen } = await openProducts('light');
  await page.route('**/api/session', async (route) => {
    const answer = await route.fetch();
    const session = await answer.json();
    await route.fulfill({
      response: answer,
      json: { ...session, limits: { ...session.limits, max_sample_size: 9 } },
    });
  });
  await page.reload();
  await goTo(page, '/products');
  await page.locator('.shown summary').click();
  await page.getByRole('button', { name: 'Extrait', exact: true }).click();
  const sent = seen.sizes.length;
  await writeFile(join(folder, 'long.txt'), 'plus de neuf octets');
  await page.locator('input[type=file]').first().setInputFiles(join(folder, 'long.txt'));
  await page.getByText('Le plus grand fichier accepté ici fait 9').waitFor();
  assert.equal(seen.sizes.length, sent);
  await context.close();
});
