/** The package has no types. */
declare module 'asl-validator' {
  interface AslError {
    readonly 'Error code': string;
    readonly Message: string;
  }
  /** Adds `QueryLanguage` to each state of the definition. */
  export default function validate(definition: unknown): { readonly errors: readonly AslError[] };
}
