export interface Bar {
  label: string;
  value: number;
}

const WIDTH = 560;
const HEIGHT = 160;

/** Bars of one measure over time. `label` says in words what the picture shows. */
export function Chart({
  bars,
  label,
  write,
}: {
  bars: Bar[];
  label: string;
  write: (value: number) => string;
}) {
  const peak = Math.max(1, ...bars.map(({ value }) => value));
  const step = WIDTH / Math.max(1, bars.length);
  return (
    <figure class="figure">
      <p class="muted">{write(peak)}</p>
      <svg
        class="chart"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={label}
      >
        {[0, HEIGHT / 2, HEIGHT].map((y) => (
          <line key={y} class="rule" x1={0} x2={WIDTH} y1={y} y2={y} />
        ))}
        {bars.map(({ label: name, value }, index) => {
          const tall = (value / peak) * HEIGHT;
          const place = { x: (index + 0.15) * step, y: HEIGHT - tall, width: step * 0.7, height: tall };
          return (
            <rect key={name} class="bar-day" {...place}>
              <title>{`${name}: ${write(value)}`}</title>
            </rect>
          );
        })}
      </svg>
      <figcaption class="row apart muted">
        <span>{bars[0]?.label}</span>
        <span>{bars.at(-1)?.label}</span>
      </figcaption>
    </figure>
  );
}
