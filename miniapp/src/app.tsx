import type { SessionAnswer } from './api/types.ts';
import { language, say, setLanguage } from './language.ts';
import { type Route, route } from './router.ts';
import { Cards } from './screens/cards.tsx';
import { Library } from './screens/library.tsx';
import { Members } from './screens/members.tsx';
import { Memberships } from './screens/memberships.tsx';
import { NoShop } from './screens/no-shop.tsx';
import { Numbers } from './screens/numbers.tsx';
import { SaleOrder } from './screens/order.tsx';
import { Orders } from './screens/orders.tsx';
import { People } from './screens/people.tsx';
import { EditProduct, NewProduct } from './screens/product-form.tsx';
import { Products } from './screens/products.tsx';
import { Sales } from './screens/sales.tsx';
import { Settings } from './screens/settings.tsx';
import { Statement } from './screens/statement.tsx';
import { Upload } from './screens/upload.tsx';
import { View } from './screens/view.tsx';
import { type Shop, ShopContext } from './ui/context.ts';
import { Icon } from './ui/icons.tsx';
import { SECTIONS, type Section, sectionsOf } from './ui/sections.tsx';
import { busyCount } from './uploads/items.ts';

const TABS = ['products', 'upload', 'library', 'memberships', 'sales'] as const;

export function App({ shop }: { shop: Shop }) {
  return (
    <ShopContext.Provider value={shop}>
      <main class="page">
        {shop.session.is_test && (
          <p class="panel warn" role="note">
            {say('app.trial')}
          </p>
        )}
        <Current route={route.value} shop={shop} />
        {route.value.screen !== 'settings' && <Foot shop={shop} />}
      </main>
      <Tabs current={route.value.screen} sections={sectionsOf(shop.session)} />
    </ShopContext.Provider>
  );
}

/** Screens for everybody. */
const OPEN: Route['screen'][] = ['library', 'view', 'memberships', 'settings'];

/** Figures are for those whose they are, the rest is a seller's. */
function mayOpen(screen: Route['screen'], session: SessionAnswer): boolean {
  if (OPEN.includes(screen)) return true;
  const section = SECTIONS.find((name) => name === screen);
  return section ? sectionsOf(session).includes(section) : session.shop !== null;
}

function Current({ route: at, shop: { session } }: { route: Route; shop: Shop }) {
  if (!mayOpen(at.screen, session)) return session.shop ? <Products /> : <NoShop />;
  switch (at.screen) {
    case 'new':
      return <NewProduct />;
    case 'edit':
      return <EditProduct key={at.product} id={at.product} />;
    case 'upload':
      return <Upload key={`${at.product}/${at.replaces}`} product={at.product} replaces={at.replaces} />;
    case 'view':
      return <View key={at.slug} slug={at.slug} />;
    case 'library':
      return <Library />;
    case 'memberships':
      return <Memberships />;
    case 'sales':
      return <Sales />;
    case 'members':
      return <Members />;
    case 'numbers':
      return <Numbers />;
    case 'settings':
      return <Settings />;
    case 'cards':
      return <Cards />;
    case 'orders':
      return <Orders />;
    case 'order':
      return <SaleOrder key={at.number} number={at.number} />;
    case 'statement':
      return <Statement />;
    case 'people':
      return <People />;
    default:
      return <Products />;
  }
}

/** The tab under which a screen is. */
function tabOf(screen: Route['screen'], sections: Section[]): Route['screen'] {
  if (screen === 'new' || screen === 'edit' || screen === 'view') return 'products';
  if (['cards', 'orders', 'order', 'statement'].includes(screen)) return 'sales';
  return sections.some((section) => section === screen) ? 'sales' : screen;
}

function Tabs({ current, sections }: { current: Route['screen']; sections: Section[] }) {
  const owner = tabOf(current, sections);
  const pathOf = (tab: string) => (tab === 'sales' ? (sections[0] ?? 'sales') : tab);
  return (
    <nav class="tabs" aria-label={say('nav.label')}>
      <ul>
        {TABS.map((name) => (
          <li key={name}>
            <a href={`#/${pathOf(name)}`} aria-current={name === owner ? 'page' : undefined}>
              <Icon name={name} />
              {say(`nav.${name}`)}
              {name === 'upload' && busyCount.value > 0 && (
                <span class="count" aria-hidden="true">
                  {busyCount.value}
                </span>
              )}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** The way to the settings, and the other language. The shop keeps it, so that the bot speaks it too. */
function Foot({ shop }: { shop: Shop }) {
  const other = language.value === 'fr' ? 'en' : 'fr';
  const change = () => {
    setLanguage(other);
    shop.api.setLanguage(other).catch((error: unknown) => console.error('the choice was not kept', error));
  };
  return (
    <p class="foot">
      <a class="button plain" href="#/settings">
        {say('settings.title')}
      </a>
      <button type="button" class="button plain" lang={other} onClick={change}>
        {say('app.switch')}
      </button>
    </p>
  );
}
