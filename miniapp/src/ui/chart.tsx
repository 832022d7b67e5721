interface Bar {
  label: string;
  value: number;
}

const WIDTH = 560;
const HEIGHT = 200;
const LEFT = 8;
const BOTTOM = 20;
const TOP = 18;

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
  const step = (WIDTH - 2 * LEFT) / Math.max(1, bars.length);
  const height = HEIGHT - TOP - BOTTOM;
  const [first, last] = [bars[0], bars.at(-1)];
  return (
    <svg class="chart" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      {[0, 0.5, 1].map((share) => {
        const y = TOP + height * (1 - share);
        return <line key={share} class="rule" x1={LEFT} x2={WIDTH - LEFT} y1={y} y2={y} />;
      })}
      {bars.map(({ label: name, value }, index) => {
        const tall = (value / peak) * height;
        const x = LEFT + index * step + step * 0.15;
        return (
          <rect
            key={name}
            class="bar-day"
            x={x}
            y={TOP + height - tall}
            width={step * 0.7}
            height={tall}
            rx={Math.min(4, step * 0.25)}
          >
            <title>{`${name}: ${write(value)}`}</title>
          </rect>
        );
      })}
      <text x={LEFT} y={12}>
        {write(peak)}
      </text>
      <text x={LEFT} y={HEIGHT - 5}>
        {first?.label}
      </text>
      <text x={WIDTH - LEFT} y={HEIGHT - 5} text-anchor="end">
        {last?.label}
      </text>
    </svg>
  );
}
