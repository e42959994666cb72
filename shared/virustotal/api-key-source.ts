/** Where the API key comes from; the VirusTotal client knows no more of it. */
export interface ApiKeySource {
  /**
   * The key, from a cache when it is young enough.
   *
   * @param deadline - epoch milliseconds
   * @throws ApiKeyError, UpstreamUnavailableError, UpstreamTimeoutError
   */
  get(deadline: number): Promise<string>;
  /**
   * The key as it is now: asked for after VirusTotal refused the cached one.
   *
   * @param deadline - epoch milliseconds
   * @throws ApiKeyError, UpstreamUnavailableError, UpstreamTimeoutError
   */
  refresh(deadline: number): Promise<string>;
}
