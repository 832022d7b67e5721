import type { ProductAnswer } from '../api/types.ts';
import { formatMoney, formatSize } from '../format.ts';
import { say, sayNamed } from '../language.ts';
import { go } from '../router.ts';
import { open } from '../telegram.ts';
import { Actions } from '../ui/actions.tsx';
import { useShop } from '../ui/context.ts';
import { Failure, Loading, Panel } from '../ui/kit.tsx';
import { useLoaded } from '../ui/loaded.ts';
import { Gallery, Inside } from '../ui/preview.tsx';
import { Screen } from '../ui/screen.tsx';

/** The product as a buyer sees it. Where it may be bought is the shop's policy, so the API gives the links. */
export function View({ slug }: { slug: string }) {
  const { api, session } = useShop();
  const { data, error, reload } = useLoaded(() => api.view(slug), slug);
  return (
    <Screen title={data?.title ?? say('view.title')} back={session.shop ? '/products' : '/library'}>
      {error !== null && <Failure error={error} onRetry={reload} />}
      {!data && error === null && <Loading />}
      {data && <Body product={data} />}
    </Screen>
  );
}

function Body({ product }: { product: ProductAnswer }) {
  const { description, seller_name, prices, facts, files, preview, owned, buy, choices } = product;
  const offers = Object.entries(prices).flatMap(([rail, each]) => each.map((price) => ({ rail, price })));
  return (
    <>
      <article class="card stack">
        <Gallery preview={preview} name={product.title} />
        <p class="muted">{say('view.by', { seller: seller_name })}</p>
        <div class="prices">
          {offers.map(({ rail, price }) => (
            <span key={`${rail}/${price.currency}`} class="price-tag">
              {formatMoney(price)}
              <small>{sayNamed('rail', rail)}</small>
            </span>
          ))}
          {offers.length === 0 && <span class="muted">{say('view.noPrice')}</span>}
        </div>
        {description && <p class="lines">{description}</p>}
      </article>
      <Inside preview={preview} />
      <section class="card stack tight">
        <h2>{say('view.files')}</h2>
        {facts.map((fact) => (
          <p key={fact}>{fact}</p>
        ))}
        {files.length > 0 && (
          <ul class="files">
            {files.map((file) => (
              <li key={file.id}>
                <span class="grow">{file.name}</span>
                <span class="muted">{formatSize(file.size)}</span>
              </li>
            ))}
          </ul>
        )}
      </section>
      {choices.length > 0 && <Choices shown={product.slug} choices={choices} />}
      {owned ? <Owned /> : <Buy links={buy} />}
    </>
  );
}

/** The terms for which the same is sold; each is a product of its own. */
function Choices({ shown, choices }: { shown: string; choices: ProductAnswer['choices'] }) {
  return (
    <section class="card stack tight">
      <h2>{say('view.choices')}</h2>
      <ul class="files">
        {choices.map(({ slug, title, term, prices }) => (
          <li key={slug}>
            <span class="grow">
              {slug === shown ? (
                <strong aria-current="page">{term}</strong>
              ) : (
                <a href={`#/p/${encodeURIComponent(slug)}`}>{term}</a>
              )}{' '}
              <span class="muted">{title}</span>
            </span>
            <span class="muted">
              {[...new Set(Object.values(prices).flat().map(formatMoney))].join(' · ')}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Owned() {
  return (
    <>
      <Panel tone="success">{say('view.owned')}</Panel>
      <Actions main={{ text: say('view.toLibrary'), onClick: () => go('/library') }} />
    </>
  );
}

function Buy({ links: { bot_link, web_link } }: { links: ProductAnswer['buy'] }) {
  return (
    <Actions
      main={bot_link ? { text: say('view.buy'), onClick: () => open(bot_link) } : null}
      secondary={web_link ? { text: say('view.web'), onClick: () => open(web_link) } : null}
    />
  );
}
