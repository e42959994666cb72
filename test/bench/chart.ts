/** The ratios as a chart, SVG: bars against their targets. */
import type { BenchResults } from './measure.ts';

interface Bar {
  readonly label: string;
  readonly value: number;
  /** Where the target stands, and whether smaller is better. */
  readonly target: number;
  readonly isLess: boolean;
}

const WIDTH = 720;
const LEFT = 300;
const ROW = 34;

/** Draws one bar for each target of which the run has measured the ratio. */
export function chartOf(results: BenchResults): string {
  const bars = barsOf(results);
  const height = bars.length * ROW + 70;
  const scale =
    (WIDTH - LEFT - 90) / Math.max(...bars.flatMap((bar) => [bar.value, bar.target]), 1);
  const rows = bars.map((bar, index) => drawBar(bar, 50 + index * ROW, scale)).join('\n');
  const { machine } = results;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" font-size="13">
<title>Measured ratios against their targets</title>
<rect width="100%" height="100%" fill="#fff"/>
<text x="16" y="26" font-weight="600">Measured ratios; the mark is the target</text>
${rows}
<text x="16" y="${height - 12}" fill="#667" font-size="11">${machine.processor}, ${machine.cores} cores, Node.js ${machine.node}, ${machine.date}: npm run bench</text>
</svg>
`;
}

function drawBar({ label, value, target, isLess }: Bar, y: number, scale: number): string {
  const isMet = isLess ? value <= target : value >= target;
  const at = LEFT + target * scale;
  return `<text x="${LEFT - 10}" y="${y + 15}" text-anchor="end">${label}</text>
<rect x="${LEFT}" y="${y}" width="${(value * scale).toFixed(1)}" height="20" rx="3" fill="${isMet ? '#2a7de1' : '#d1495b'}"/>
<line x1="${at.toFixed(1)}" x2="${at.toFixed(1)}" y1="${y - 4}" y2="${y + 24}" stroke="#111" stroke-width="2"/>
<text x="${(LEFT + Math.max(value, target) * scale + 8).toFixed(1)}" y="${y + 15}">${value.toFixed(2)} (${isLess ? '≤' : '≥'} ${target})</text>`;
}

function barsOf({ cold, warm, streaming }: BenchResults): Bar[] {
  const own = cold?.find(({ name }) => name === 'file-reputation');
  const whole = warm?.find(({ name }) => name === 'whole handler');
  const large = (name: string) =>
    streaming?.findLast((row) => row.name === name && row.bytes > 600 * 1024 * 1024);
  const ratio = (label: string, value: number | undefined, target: number, isLess: boolean) =>
    value === undefined ? [] : [{ label, value, target, isLess }];
  return [
    ...ratio('cold start, x empty handler', own?.toEmpty.median, 3, true),
    ...ratio('cold start, x usual build', own?.toUsual.median, 0.5, true),
    ...ratio('warm handler, x JSON.parse', whole?.toParse.median, 1.35, true),
    ...ratio('warm, x parse, schemas, stringify', whole?.toParts.median, 1, true),
    ...ratio(
      'CPU of 650 MiB, x pipe and digests',
      large('submit-file')?.toParts.median,
      1.05,
      true,
    ),
    ...ratio('650 MiB with digests, x raw pipe', large('submit-file')?.toPipe.median, 0.45, false),
    ...ratio('650 MiB without, x raw pipe', large('without digests')?.toPipe.median, 0.9, false),
  ];
}
