import { generateKeyPair, randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import forge from 'node-forge'
import type { TemporaryFolder } from '../temporary-folder.ts'

/** A certificate for 127.0.0.1 and localhost, and the authority that signed it. */
export interface Certificate {
  /** In PEM, as the next. */
  readonly key: string
  readonly cert: string
  /** The file with the authority's own certificate: who trusts it trusts the relays. */
  readonly authorityFile: string
}

const DAY_MS = 86_400_000
const RSA_BITS = 2048
const SUBJECT_ALT_NAMES = [
  { type: 7, ip: '127.0.0.1' },
  { type: 2, value: 'localhost' },
]

/**
 * An authority that exists for one world. Its key is in the memory of this process only, and its
 * certificate in a folder that is removed at the end: so nobody can be deceived with it later.
 */
export class ThrowawayAuthority {
  readonly #makeFolder: () => Promise<TemporaryFolder>
  #made:
    | Promise<{ readonly certificate: Certificate; readonly folder: TemporaryFolder }>
    | undefined

  /** `makeFolder` is called when the first certificate is asked for. */
  constructor(makeFolder: () => Promise<TemporaryFolder>) {
    this.#makeFolder = makeFolder
  }

  /** Resolves to the certificate of all relays: it is made once, because keys take long. */
  async certificate(): Promise<Certificate> {
    this.#made ??= this.#make()
    return (await this.#made).certificate
  }

  /** Removes the authority's certificate. */
  async close(): Promise<void> {
    const made = await this.#made?.catch(() => undefined)
    await made?.folder.remove()
  }

  async #make() {
    const folder = await this.#makeFolder()
    const [own, leaf] = await Promise.all([keyPair(), keyPair()])
    const now = Date.now()
    const ownName = [{ name: 'commonName', value: 'tunnelproof (for one run)' }]
    const authority = unsigned(own.publicKey, ownName, ownName, now)
    authority.setExtensions([
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
      { name: 'subjectKeyIdentifier' },
    ])
    authority.sign(own.privateKey, forge.md.sha256.create())
    const server = unsigned(
      leaf.publicKey,
      [{ name: 'commonName', value: 'localhost' }],
      ownName,
      now,
    )
    server.setExtensions([
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: SUBJECT_ALT_NAMES },
      { name: 'subjectKeyIdentifier' },
      // Some verifiers insist on it.
      {
        name: 'authorityKeyIdentifier',
        keyIdentifier: authority.generateSubjectKeyIdentifier().getBytes(),
      },
    ])
    server.sign(own.privateKey, forge.md.sha256.create())
    const authorityFile = join(folder.path, 'authority.pem')
    await writeFile(authorityFile, forge.pki.certificateToPem(authority))
    const certificate = {
      key: forge.pki.privateKeyToPem(leaf.privateKey),
      cert: forge.pki.certificateToPem(server),
      authorityFile,
    }
    return { certificate, folder }
  }
}

/** Makes a key by OpenSSL, which takes a tenth of the time that one in JavaScript takes. */
async function keyPair() {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: RSA_BITS,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  return {
    publicKey: forge.pki.publicKeyFromPem(publicKey),
    privateKey: forge.pki.privateKeyFromPem(privateKey),
  }
}

function unsigned(
  publicKey: forge.pki.PublicKey,
  subject: forge.pki.CertificateField[],
  issuer: forge.pki.CertificateField[],
  now: number,
): forge.pki.Certificate {
  const certificate = forge.pki.createCertificate()
  certificate.publicKey = publicKey
  // Positive: its first byte has no sign.
  certificate.serialNumber = `01${randomBytes(15).toString('hex')}`
  // A device's clock may be wrong.
  certificate.validity.notBefore = new Date(now - 2 * DAY_MS)
  certificate.validity.notAfter = new Date(now + 2 * DAY_MS)
  certificate.setSubject(subject)
  certificate.setIssuer(issuer)
  return certificate
}
