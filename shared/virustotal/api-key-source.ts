/** Where the VirusTotal client gets the API key. */
export interface ApiKeySource {
  /**
   * Returns the key, from a cache if it is recent enough.
   *
   * @param deadline - epoch milliseconds
   * @throws ApiKeyError, UpstreamUnavailableError, UpstreamTimeoutError
   */
  get(deadline: number): Promise<string>;
  /**
   * Returns the current key, after VirusTotal refused the cached one.
   *
   * @param deadline - epoch milliseconds
   * @throws ApiKeyError, UpstreamUnavailableError, UpstreamTimeoutError
   */
  refresh(deadline: number): Promise<string>;
}
