import type { HttpRequest, HttpResponse } from '../../core/ports/http.ts'

/** A module that puts a server's handler behind real HTTP. The wire world loads it by URL. */
export interface Transport {
  /** Listens on `host`:`port`. Rejects with Node's error, such as EADDRINUSE. */
  serve(
    handle: (request: HttpRequest) => Promise<HttpResponse>,
    where: { readonly host: string; readonly port: number },
  ): Promise<{ readonly port: number; close(): Promise<void> }>
}
