import type { HttpRequest, HttpResponse } from '../../harness/core/ports/http.ts'
import { type ParsedRequest, parseRequest } from './parsed-request.ts'
import { errorResponse, InvalidRequest } from './response.ts'

export type Handler = (call: ParsedRequest) => HttpResponse
/** Handlers by path, then by method. The path `/messages/*` matches `/messages/ID`. */
export type Routes = Readonly<Record<string, Readonly<Record<string, Handler>>>>

/**
 * Calls the handler of a request's route. Turns an InvalidRequest into a response, with the epoch
 * as its proof of origin; any other exception is a bug of the server and passes through.
 */
export function route(routes: Routes, request: HttpRequest, epoch: string): HttpResponse {
  const refuse = (status: number, error: string) => errorResponse(status, error, epoch)
  const mark = request.path.indexOf('?')
  const [path, search] =
    mark < 0 ? [request.path, ''] : [request.path.slice(0, mark), request.path.slice(mark + 1)]
  const slash = path.lastIndexOf('/')
  const isRoute = Object.hasOwn(routes, path) && !path.endsWith('/*')
  const [name, id] = isRoute ? [path, ''] : [`${path.slice(0, slash)}/*`, path.slice(slash + 1)]
  if (!Object.hasOwn(routes, name)) return refuse(404, 'no such path')
  const methods = routes[name] ?? {}
  const handler = Object.hasOwn(methods, request.method) ? methods[request.method] : undefined
  if (!handler) return refuse(405, `${path} accepts ${Object.keys(methods).join(', ')}`)
  try {
    return handler(parseRequest(request, search, id))
  } catch (error) {
    if (error instanceof InvalidRequest) return refuse(error.status, error.message)
    throw error
  }
}
