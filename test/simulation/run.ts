/** `npm run simulate`: runs every load with every policy, and writes the report into `docs/`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { curvesOf } from './curves.ts';
import { duration, runAll, toMarkdown } from './report.ts';

const docs = join(import.meta.dirname, '../../docs');
const page = join(docs, 'quota.md');
const [begins, ends] = ['<!-- simulation -->', '<!-- /simulation -->'];

const rows = runAll(({ title, result }) => {
  const { policy, refused, uploads, days } = result;
  console.log(
    `${title}: ${policy}: ${Math.round(uploads)} uploads in ${duration(days * 86_400)}, ${refused} refused`,
  );
});
const [first] = rows;
const text = readFileSync(page, 'utf8');
const [before, after] = [text.split(begins)[0], text.split(ends)[1]];
if (!first || before === undefined || after === undefined) {
  throw new Error(`${page}: got no ${begins} and ${ends}; the report goes between them`);
}
writeFileSync(page, `${before}${begins}\n\n${toMarkdown(rows)}\n${ends}${after}`);
const compared = rows.filter(({ title }) => title === first.title).map(({ result }) => result);
writeFileSync(
  join(docs, 'quota-simulation.svg'),
  curvesOf('Uploads done, of 10,000 on a public key', compared),
);
