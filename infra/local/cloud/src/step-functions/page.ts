/** Pages of the API's lists. */
import { StepFunctionsRefusal } from './start.ts';

/** What a request asks for. */
export interface PageRequest {
  /** 0 is the default. */
  readonly maxResults?: number;
  readonly nextToken?: string;
}

/** Items in a page by default (https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListExecutions.html). */
const DEFAULT_RESULTS = 100;

/**
 * Takes a page.
 *
 * @param idOf - identifies an item; the token is the id of the last one, so that new items move no page
 * @throws StepFunctionsRefusal `InvalidToken`
 */
export function pageOf<T>(
  items: readonly T[],
  { maxResults, nextToken }: PageRequest,
  idOf: (item: T) => string,
): { readonly page: readonly T[]; readonly nextToken?: string } {
  const last = nextToken === undefined ? undefined : Buffer.from(nextToken, 'base64url').toString();
  const start = last === undefined ? 0 : items.findIndex((item) => idOf(item) === last) + 1;
  if (last !== undefined && start === 0) {
    throw new StepFunctionsRefusal('InvalidToken', `Invalid Token: '${nextToken}'`);
  }
  const page = items.slice(start, start + (maxResults || DEFAULT_RESULTS));
  const end = page.at(-1);
  return end === undefined || items.at(-1) === end
    ? { page }
    : { page, nextToken: Buffer.from(idOf(end)).toString('base64url') };
}
