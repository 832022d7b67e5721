// Inside Telegram: its own buttons, theme, haptics and closing confirmation.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openPage, openStage } from './stage.mjs';

const MIB = 1024 ** 2;

let stage;
before(async () => {
  stage = await openStage({ filled: true });
});
after(() => stage.close());

const until = (page, name, fields) =>
  page.waitForFunction(
    ([event, expected]) =>
      Object.entries(expected).every(([key, value]) => window.telegram.last(event)?.[key] === value),
    [name, fields],
  );

test('the page takes the full height and says that it is ready', async () => {
  const { page, context } = await openPage(stage, { telegram: true });
  const names = await page.evaluate(() => window.telegram.events.map(({ name }) => name));
  assert.ok(names.includes('web_app_expand'), names.join());
  assert.ok(names.includes('web_app_ready'), names.join());
  await context.close();
});

test('the main and back buttons are Telegram’s own', async () => {
  const { page, context, faults } = await openPage(stage, { telegram: true });
  await until(page, 'web_app_setup_main_button', { text: 'Nouveau produit', is_visible: true });
  assert.equal(await page.getByRole('button', { name: 'Nouveau produit' }).count(), 0);
  await page.evaluate(() => window.telegram.tell('main_button_pressed'));
  await page.getByRole('heading', { name: 'Nouveau produit' }).waitFor();
  await until(page, 'web_app_setup_back_button', { is_visible: true });
  await until(page, 'web_app_setup_main_button', { text: 'Créer le brouillon', is_visible: true });
  await page.evaluate(() => window.telegram.tell('back_button_pressed'));
  await page.getByRole('heading', { name: 'Mes produits' }).waitFor();
  await until(page, 'web_app_setup_back_button', { is_visible: false });
  assert.deepEqual(faults, []);
  await context.close();
});

test('the second button is Telegram’s own where it has one', async () => {
  const { origin, products } = stage.shop;
  const path = `/p/${products.night.slug}`;
  const own = await stage.browser.newContext({ viewport: { width: 390, height: 844 } });
  await own.route('**/view', async (route) => {
    const response = await route.fetch(); // as where the policy leads to the site
    const shown = await response.json();
    await route.fulfill({ response, json: { ...shown, buy: { ...shown.buy, web_link: origin + path } } });
  });
  const { page, context } = await openPage(stage, { telegram: true, path, context: own });
  await until(page, 'web_app_setup_main_button', { text: 'Acheter dans Telegram', is_visible: true });
  await until(page, 'web_app_setup_secondary_button', { text: 'Payer sur le web', is_visible: true });
  await page.evaluate(() => window.telegram.tell('secondary_button_pressed'));
  await until(page, 'web_app_open_link', { url: origin + path });
  await context.close();
});

test('a change of Telegram’s theme changes the page', async () => {
  const { page, context } = await openPage(stage, { telegram: true });
  assert.equal(await page.getAttribute('html', 'data-theme'), 'light');
  await page.evaluate(() =>
    window.telegram.tell('theme_changed', { theme_params: { bg_color: '#101418', text_color: '#eeeeee' } }),
  );
  await page.waitForSelector('html[data-theme=dark]');
  await context.close();
});

test('closing is confirmed while a file uploads, and no longer after', async () => {
  const person = await stage.shop.do('new_seller');
  const path = `/upload?product=${person.product}`;
  const { page, context } = await openPage(stage, { telegram: true, path, person, speed: 12 * MIB });
  const buffer = Buffer.alloc(12 * MIB, 7);
  buffer.write('\0\0\0\x18ftypmp42\0\0\0\0mp42isom');
  const film = { name: 'film.mp4', mimeType: 'video/mp4', buffer };
  await page.locator('input[type=file]').first().setInputFiles(film);
  await until(page, 'web_app_setup_closing_behavior', { need_confirmation: true });
  await page.locator('li[data-phase=accepted]').waitFor();
  await until(page, 'web_app_setup_closing_behavior', { need_confirmation: false });
  await until(page, 'web_app_trigger_haptic_feedback', { notification_type: 'success' });
  await page.getByRole('button', { name: 'Fermer' }).click();
  await page.waitForFunction(() => window.telegram.events.some(({ name }) => name === 'web_app_close'));
  await context.close();
});

test('a download over plain HTTP is opened in the browser', async () => {
  const { page, context } = await openPage(stage, {
    telegram: true,
    path: '/library',
    person: stage.shop.people.buyer,
  });
  await page.getByRole('button', { name: 'Télécharger exercices.zip' }).click();
  await page.waitForFunction(
    (start) => window.telegram.last('web_app_open_link')?.url.startsWith(start),
    `${stage.shop.origin}/d/`,
  );
  await page.getByText('Le téléchargement de exercices.zip a commencé.').waitFor();
  await context.close();
});

test('outside Telegram the page says how to open it', async () => {
  const page = await stage.browser.newPage();
  await page.goto(`${stage.shop.origin}/app/`);
  await page.getByText(/from the bot|depuis le bot/).waitFor();
  await page.close();
});
