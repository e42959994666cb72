/** How many uploads are done after how many days, for each policy, as SVG. */
import type { Result } from './result.ts';

const WIDTH = 720;
const HEIGHT = 340;
const LEFT = 70;
const TOP = 46;
const BOTTOM = 44;
const colours = ['#111', '#2a7de1', '#e09f3e', '#d1495b', '#7b8794'];

/** Draws a line for each result. */
export function curvesOf(title: string, results: readonly Result[]): string {
  const days = Math.max(...results.map((result) => result.days));
  const most = Math.max(...results.map(({ uploads }) => uploads));
  const x = (day: number) => LEFT + (day / days) * (WIDTH - LEFT - 20);
  const y = (uploads: number) => HEIGHT - BOTTOM - (uploads / most) * (HEIGHT - TOP - BOTTOM);
  const marks = [0, 0.25, 0.5, 0.75, 1].map((part) => axisMark(part, days, most, x, y));
  const lines = results.map((result, index) => curve(result, index, x, y));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="12">
<title>${title}</title>
<rect width="100%" height="100%" fill="#fff"/>
<text x="16" y="22" font-weight="600" font-size="13">${title}</text>
${marks.join('\n')}
${lines.join('\n')}
<text x="${WIDTH - 20}" y="${HEIGHT - 8}" text-anchor="end" fill="#667">days: npm run simulate</text>
</svg>
`;
}

type Scale = (value: number) => number;

function axisMark(part: number, days: number, most: number, x: Scale, y: Scale): string {
  const [day, uploads] = [part * days, part * most];
  return `<line x1="${LEFT}" x2="${WIDTH - 20}" y1="${y(uploads).toFixed(1)}" y2="${y(uploads).toFixed(1)}" stroke="#dde"/>
<text x="${LEFT - 8}" y="${(y(uploads) + 4).toFixed(1)}" text-anchor="end">${Math.round(uploads).toLocaleString('en-US')}</text>
<text x="${x(day).toFixed(1)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${day.toFixed(0)}</text>`;
}

function curve({ policy, uploadDays }: Result, index: number, x: Scale, y: Scale): string {
  const colour = colours[index] ?? '#111';
  const every = Math.max(1, Math.floor(uploadDays.length / 300));
  const points = uploadDays
    .map((day, done) => ({ day, done: done + 1 }))
    .filter(({ done }) => done % every === 0 || done === uploadDays.length)
    .map(({ day, done }) => `${x(day).toFixed(1)},${y(done).toFixed(1)}`);
  // The first lies below the second nearly everywhere.
  const style = index === 0 ? 'stroke-width="5" opacity="0.3"' : 'stroke-width="2"';
  return `<polyline points="${points.join(' ')}" fill="none" stroke="${colour}" ${style}/>
<text x="${WIDTH - 150}" y="${HEIGHT - BOTTOM - 90 + index * 16}" fill="${colour}">${policy}</text>`;
}
