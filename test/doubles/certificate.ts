import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generate } from 'selfsigned'
import { temporaryFolder } from '../servers/temporary-folder.js'

export interface Certificate {
  readonly cert: Buffer
  readonly key: Buffer
  /** the certificate (PEM), for a client that is to trust it */
  readonly file: string
  readonly drop: () => void
}

/** Of localhost, made for one test and signed by itself: no key lies in the repository. */
export const makeCertificate = async (): Promise<Certificate> => {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  })
  const folder = temporaryFolder('certificate')
  const file = join(folder, 'certificate.pem')
  writeFileSync(file, cert)
  const drop = (): void => rmSync(folder, { recursive: true })
  return { cert: Buffer.from(cert), key: Buffer.from(key), file, drop }
}
