import type { RequestMatch } from '../core/interception.ts'
import type { GatewayRequest } from './gateway-request.ts'

/** Returns true if the request has what the match asks for, apart from `nth`. */
export function requestMatches(
  { device, method, path, marked }: Omit<RequestMatch, 'nth'>,
  request: GatewayRequest,
): boolean {
  return (
    (device === undefined || device === request.device) &&
    (method === undefined || method === request.method) &&
    (path === undefined || begins(request.path, path)) &&
    (marked === undefined || marked === request.isMarked)
  )
}

/**
 * '/push' is the beginning of '/push', '/push/2' and '/push?x=1', but not of '/pushes'; '/push?x=1'
 * is that of '/push?x=1&y=2'.
 */
function begins(path: string, start: string): boolean {
  if (!path.startsWith(start)) return false
  return (
    start.endsWith('/') || path.length === start.length || /[/?#&]/.test(path[start.length] ?? '')
  )
}
