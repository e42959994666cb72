/** Baseline: the least that a function can be; its answer is an output and a proxy answer alike. */

/** Answers at once. */
export const handler = async () => ({ statusCode: 200, body: '{}', response_code: 0 });
