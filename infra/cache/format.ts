/** Prints what is kept. */
import { printableJson } from '../command-line/printable.ts';
import { formatTable } from '../command-line/table.ts';
import { answerOf, type KeptItem } from './kept-answers.ts';

/** Returns a table, or JSON with the answers. */
export function formatItems(
  items: readonly KeptItem[],
  { json, width, now }: { readonly json: boolean; readonly width: number; readonly now: number },
): string {
  if (json) return printableJson(items.map((item) => describe(item, now)));
  const head = ['question', 'kept', 'asked at', 'until', 'bytes'];
  const rows = items.map((item) => {
    const { question, id, kept, askedAt, until, bytes } = describe(item, now);
    const values = [`${question} ${id}`, kept, askedAt, until, bytes];
    return values.map((value) => (value === null ? '' : String(value)));
  });
  return formatTable(head, rows, width);
}

/** What is said of an item. */
function describe(item: KeptItem, now: number) {
  const { answer, submission, lease } = item.entry;
  const { template, id } = item.question;
  return {
    question: `GET ${template}`,
    id,
    kept: stateOf(item, now),
    askedAt: dateOf(answer?.askedAt),
    until: dateOf(answer?.goodUntil),
    submittedAt: dateOf(submission?.at),
    askedForUntil: dateOf(lease && lease.until > now ? lease.until : null),
    bytes: answer?.body.length ?? null,
    answer: answerOf(item),
  };
}

function stateOf({ entry: { answer, submission, lease } }: KeptItem, now: number): string {
  if (answer) return answer.goodUntil > now ? 'answer' : 'expired answer';
  if (lease && lease.until > now) return 'being asked for';
  return submission ? `note of a submission at ${dateOf(submission.at)}` : 'nothing';
}

function dateOf(ms: number | null | undefined): string | null {
  return typeof ms === 'number' ? `${new Date(ms).toISOString().slice(0, 19)}Z` : null;
}
