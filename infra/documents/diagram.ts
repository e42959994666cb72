/** Draws a definition as a Mermaid flowchart (https://mermaid.js.org/syntax/flowchart.html). */
import { isRecord, readWorkflow, type State, type Workflow } from './workflow.ts';

/** Draws success as solid arrows, caught errors as dotted ones, and the steps of a Map in a box. */
export function diagramOf(definition: Workflow): string {
  const ids = new Map<string, string>();
  const idOf = (name: string) => {
    const id = ids.get(name) ?? `s${ids.size}`;
    ids.set(name, id);
    return id;
  };
  return ['flowchart TD', ...draw(definition, idOf, '  ')].join('\n');
}

type IdOf = (name: string) => string;

function draw({ StartAt, States }: Workflow, idOf: IdOf, indent: string): string[] {
  const start = `${indent}start${idOf(StartAt)}((start)) --> ${idOf(StartAt)}`;
  const states = Object.entries(States).flatMap(([name, state]) => [
    `${indent}${idOf(name)}${shape(name, state)}`,
    ...within(name, state, idOf, indent),
    ...arrows(name, state, idOf, indent),
  ]);
  return [start, ...states];
}

/** Choices are diamonds, waits rounded, Lambda calls double-framed. */
function shape(name: string, { Type }: State): string {
  const text = `"${name.replaceAll('"', "'")}"`;
  if (Type === 'Choice') return `{${text}}`;
  if (Type === 'Wait') return `(${text})`;
  return Type === 'Task' ? `[[${text}]]` : `[${text}]`;
}

function within(name: string, state: State, idOf: IdOf, indent: string): string[] {
  if (state.ItemProcessor === undefined) return [];
  const box = `box${idOf(name)}`;
  const inner = draw(readWorkflow(state.ItemProcessor), idOf, `${indent}  `);
  return [
    `${indent}subgraph ${box}["for each item, ${String(state.MaxConcurrency)} at a time"]`,
    ...inner,
    `${indent}end`,
    `${indent}${idOf(name)} --- ${box}`,
  ];
}

function arrows(name: string, state: State, idOf: IdOf, indent: string): string[] {
  const from = `${indent}${idOf(name)}`;
  const to = (next: unknown) => idOf(String(next));
  const choices = listOf(state.Choices).map((rule) => ({
    next: to(rule.Next),
    label: conditionOf(rule),
  }));
  const plain = [state.Next, state.Default].filter((next) => next !== undefined).map(to);
  const caught = listOf(state.Catch).map(({ Next, ErrorEquals }) => ({
    next: to(Next),
    label: labelOf(ErrorEquals),
  }));
  const ends = state.End === true || ['Succeed', 'Fail'].includes(state.Type);
  return [
    ...choices.map(({ next, label }) => `${from} -->|${label}| ${next}`),
    ...plain.map((next) => `${from} --> ${next}`),
    ...caught.map(({ next, label }) => `${from} -.->|${label}| ${next}`),
    ...(ends ? [`${from} --> end${idOf(name)}((end))`] : []),
  ];
}

/** The label of a choice: the value it compares with. */
function conditionOf(rule: Readonly<Record<string, unknown>>): string {
  if (Array.isArray(rule.Or)) return listOf(rule.Or).map(conditionOf).join(', ');
  if (rule.IsNull === true) return 'null';
  return String(rule.StringEquals ?? rule.NumericEquals ?? 'yes');
}

/** The error name if there is only one. */
function labelOf(errors: unknown): string {
  const names: unknown[] = Array.isArray(errors) ? errors : [];
  return names.length === 1 ? String(names[0]) : 'named errors';
}

function listOf(value: unknown): Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
