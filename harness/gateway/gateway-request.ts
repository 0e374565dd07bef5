/** The facts of a request by which interceptions choose. */
export interface GatewayRequest {
  /** The request's id in the history; undefined if it has none there. */
  readonly requestId: string | undefined
  readonly device: string
  readonly method: string
  /** Path and query. */
  readonly path: string
  /** True if a person's write is in the body. */
  readonly isMarked: boolean
}
