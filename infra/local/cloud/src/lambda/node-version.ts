/** The Node.js version that functions need. */

const MIN_MAJOR = 24;

/**
 * Refuses a Node.js that is older than the runtime that the template names (`nodejs24.x`).
 *
 * @param version - as in `process.versions.node`
 * @throws Error that says what to do
 */
export function checkNodeVersion(version: string): void {
  if (Number.parseInt(version, 10) >= MIN_MAJOR) return;
  throw new Error(
    `functions need Node.js ${MIN_MAJOR}, not ${version}; run this with npm, which provides it`,
  );
}
