/**
 * Returns the variables by which programs find the authority that they must trust: Node, OpenSSL
 * and what is built on it, Python's requests, curl, and for all others one of our own.
 */
export const trustingEnvironment = (authorityFile: string): Readonly<Record<string, string>> => ({
  NODE_EXTRA_CA_CERTS: authorityFile,
  SSL_CERT_FILE: authorityFile,
  REQUESTS_CA_BUNDLE: authorityFile,
  CURL_CA_BUNDLE: authorityFile,
  TUNNELPROOF_CA: authorityFile,
})
