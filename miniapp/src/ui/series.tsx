import { say } from '../language.ts';
import { type Bar, Chart } from './chart.tsx';

interface Props {
  /** What is measured. */
  name: string;
  step: 'minute' | 'hour' | 'day' | 'month';
  bars: Bar[];
  write: (value: number) => string;
}

/** A measure over time, as a picture and as a table. */
export function Series({ name, step, bars, write }: Props) {
  const label = say(`chart.${step}`, {
    measure: name,
    from: bars[0]?.label ?? '',
    to: bars.at(-1)?.label ?? '',
    peak: write(Math.max(0, ...bars.map(({ value }) => value))),
  });
  return (
    <>
      <Chart bars={bars} label={label} write={write} />
      <Table
        summary={say('chart.table')}
        heads={[say(`chart.at.${step}`), name]}
        rows={bars.map((bar) => [bar.label, write(bar.value)])}
      />
    </>
  );
}

/** A table behind a summary; the first column names the line. */
export function Table({ summary, heads, rows }: { summary: string; heads: string[]; rows: string[][] }) {
  return (
    <details>
      <summary>{summary}</summary>
      <table>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, ...cells]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {cells.map((cell, index) => (
                <td key={heads[index + 1]}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
