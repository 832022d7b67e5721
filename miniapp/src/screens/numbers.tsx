import { useEffect, useState } from 'preact/hooks';
import type { FiguresAnswer, FiguresSlot, LiveAnswer, RankedLine } from '../api/types.ts';
import { formatCount, formatDay, formatMoney, formatRecent, formatSize, formatTime } from '../format.ts';
import { say } from '../language.ts';
import { useShop } from '../ui/context.ts';
import { Choices, Empty, Failure, Loading } from '../ui/kit.tsx';
import { useLoaded } from '../ui/loaded.ts';
import { Screen } from '../ui/screen.tsx';
import { Sections } from '../ui/sections.tsx';
import { Series } from '../ui/series.tsx';
import { Totals } from './sales.tsx';

const PERIODS = [1, 7, 30, 90];
const MEASURES = ['orders', 'downloads', 'links', 'signed'] as const;
const BEAT = 10_000; // milliseconds between two looks at what is going on

/** The whole market in figures, for admins. */
export function Numbers() {
  const { api } = useShop();
  const [days, setDays] = useState(30);
  const { data, error, reload } = useLoaded(() => api.figures(days), days);
  const options = PERIODS.map((value) => ({
    value,
    text: value === 1 ? say('numbers.today') : say('sales.days', { count: value }),
  }));
  return (
    <Screen title={say('numbers.title')}>
      <Sections current="numbers" />
      <Choices label={say('sales.period')} options={options} chosen={days} onChoose={setDays} />
      {error !== null && <Failure error={error} onRetry={reload} />}
      {!data && error === null && <Loading />}
      {data && <Market figures={data} hourly={days === 1} />}
      <Now />
    </Screen>
  );
}

function Market({
  figures: { slots, totals, products, sellers },
  hourly,
}: {
  figures: FiguresAnswer;
  hourly: boolean;
}) {
  const [measure, setMeasure] = useState<(typeof MEASURES)[number]>('orders');
  const bars = slots.map((slot) => ({
    label: hourly ? formatTime(slot.at) : formatDay(slot.at.slice(0, 10)),
    value: slot[measure],
  }));
  const sum = (name: (typeof MEASURES)[number]) => slots.reduce((all, slot) => all + slot[name], 0);
  return (
    <>
      <Totals totals={totals} />
      <section class="card stack tight">
        <Choices
          label={say('sales.measure')}
          options={MEASURES.map((value) => ({ value, text: say(`numbers.${value}`) }))}
          chosen={measure}
          onChoose={setMeasure}
        />
        <p class="facts">
          <span class="percent">{say('numbers.sum', { count: formatCount(sum(measure)) })}</span>
          <span>{say(`numbers.${measure}Hint`)}</span>
        </p>
        <Series
          name={say(`numbers.${measure}`)}
          step={hourly ? 'hour' : 'day'}
          bars={bars}
          write={formatCount}
        />
      </section>
      <Best title={say('numbers.products')} lines={products} withSeller />
      <Best title={say('numbers.sellers')} lines={sellers} />
    </>
  );
}

function Best({
  title,
  lines,
  withSeller = false,
}: {
  title: string;
  lines: RankedLine[];
  withSeller?: boolean;
}) {
  return (
    <section class="card stack tight">
      <h2>{title}</h2>
      {lines.length === 0 && <p class="muted">{say('sales.empty')}</p>}
      <ol class="files">
        {lines.map(({ id, name, seller, orders, downloads, revenue }) => (
          <li key={id}>
            <span class="grow">
              <span class="strong">{name}</span>
              {withSeller && <span class="muted block">{seller}</span>}
              <span class="muted block">
                {[
                  say('app.pair', { name: say('numbers.orders'), value: formatCount(orders) }),
                  say('app.pair', { name: say('numbers.downloads'), value: formatCount(downloads) }),
                ].join(' · ')}
              </span>
              <span class="strong block">{revenue.map(formatMoney).join(' + ')}</span>
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** What goes on just now; it is looked at again and again while the page is in sight. */
function Now() {
  const { api } = useShop();
  const [beat, setBeat] = useState(0);
  const { data, error, reload } = useLoaded(() => api.live(), beat);
  useEffect(() => {
    const timer = setInterval(() => document.visibilityState === 'visible' && setBeat(Date.now()), BEAT);
    return () => clearInterval(timer);
  }, []);
  return (
    <section class="card stack tight">
      <h2>{say('numbers.live')}</h2>
      {error !== null && <Failure error={error} onRetry={reload} />}
      {!data && error === null && <Loading />}
      {data && <LiveFigures live={data} />}
    </section>
  );
}

function LiveFigures({ live: { minutes, latest } }: { live: LiveAnswer }) {
  const bars = minutes.map((slot: FiguresSlot) => ({ label: formatTime(slot.at), value: slot.downloads }));
  return (
    <>
      <Series name={say('numbers.downloads')} step="minute" bars={bars} write={formatCount} />
      {latest.length === 0 && <Empty icon="library" title={say('numbers.noDownload')} />}
      <ul class="files">
        {latest.map(({ at, file, size, product, seller }, index) => (
          <li key={`${at}/${file}/${index}`}>
            <span class="grow">
              {file} <span class="muted">{formatSize(size)}</span>
              <span class="muted block">{`${product} · ${seller}`}</span>
            </span>
            <span class="muted">{formatRecent(at)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
