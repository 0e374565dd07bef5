import type { HttpRequest, HttpResponse } from '../../core/ports/http.ts'

/** A module that puts a server's handler behind real HTTP. It is named to the wire world, which knows none by itself. */
export interface Transport {
  /** Listens on `host`:`port`; rejects with Node's error (EADDRINUSE, say) when it cannot. */
  serve(
    handle: (request: HttpRequest) => Promise<HttpResponse>,
    where: { readonly host: string; readonly port: number },
  ): Promise<{ readonly port: number; close(): Promise<void> }>
}
