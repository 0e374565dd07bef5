import type { HttpRequest, HttpResponse } from '../../harness/core/ports/http.ts'
import { type Call, callOf } from './call.ts'
import { Refusal, refusal } from './reply.ts'

export type Handler = (call: Call) => HttpResponse
/** By path, then by method. */
export type Routes = Readonly<Record<string, Readonly<Record<string, Handler>>>>

/** Answers a request by its route. Only what a handler refuses becomes an answer: any other exception is a mistake of ours and is let through. */
export function route(routes: Routes, request: HttpRequest): HttpResponse {
  const mark = request.path.indexOf('?')
  const [path, search] =
    mark < 0 ? [request.path, ''] : [request.path.slice(0, mark), request.path.slice(mark + 1)]
  if (!Object.hasOwn(routes, path)) return refusal(404, 'no such path')
  const methods = routes[path] ?? {}
  const handler = Object.hasOwn(methods, request.method) ? methods[request.method] : undefined
  if (!handler) return refusal(405, `${path} takes ${Object.keys(methods).join(', ')}`)
  try {
    return handler(callOf(request, search))
  } catch (error) {
    if (error instanceof Refusal) return refusal(error.status, error.message)
    throw error
  }
}
