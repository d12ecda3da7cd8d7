/**
 * Files that are not text. Their first bytes tell the kind, not their names; each kind has a hint
 * what to do.
 */

const csv = 'save the sheet as CSV in UTF-8, and import that file';

/** First bytes in Latin-1. */
const kinds: readonly (readonly [string, string])[] = [
  ['\x1f\x8b', 'it is compressed with gzip: unpack it, such as with gunzip, and import what comes out'],
  ['BZh', 'it is compressed with bzip2: unpack it, such as with bunzip2, and import what comes out'],
  ['\xfd7zXZ\0', 'it is compressed with xz: unpack it, such as with unxz, and import what comes out'],
  ['\x28\xb5\x2f\xfd', 'it is compressed with zstd: unpack it, such as with unzstd, and import what comes out'],
  ['7z\xbc\xaf\x27\x1c', 'it is a 7z archive: unpack it, and import the file in it'],
  ['\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', `it is an old Office file, such as an Excel workbook (.xls): ${csv}`],
  ['%PDF-', 'it is a PDF: export the table as CSV in UTF-8 from the program that made it'],
  ['SQLite format 3\0', 'it is an SQLite database: export the table as CSV'],
  ['PAR1', 'it is a Parquet file: export the table as CSV'],
  ['\xff\xfe', 'it is UTF-16: save it as UTF-8'],
  ['\xfe\xff', 'it is UTF-16: save it as UTF-8'],
];

/** Entries that tell the kind of a zip archive. */
const archives: readonly (readonly [string, string])[] = [
  ['xl/workbook', `it is an Excel workbook (.xlsx): ${csv}`],
  ['application/vnd.oasis.opendocument.spreadsheet', `it is an OpenDocument spreadsheet (.ods): ${csv}`],
  ['Index/Document.iwa', `it is a Numbers spreadsheet: ${csv}`],
  ['word/document.xml', 'it is a Word document (.docx): write the table as CSV in UTF-8'],
];

/** Bytes to search for zeros, which UTF-16 and binary files have and text does not. */
const lookedAt = 4096;

/** The kind of an unreadable file, and what to do; null for a possible text. */
export function kindOf(bytes: Uint8Array): string | null {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const begins = (text: string): boolean => buffer.subarray(0, text.length).equals(Buffer.from(text, 'latin1'));
  for (const [start, sentence] of kinds) if (begins(start)) return sentence;
  if (begins('PK\x03\x04') || begins('PK\x05\x06')) {
    for (const [part, sentence] of archives) if (buffer.includes(part)) return sentence;
    return 'it is a zip archive: unpack it, and import the file in it';
  }
  if (buffer.subarray(0, lookedAt).includes(0))
    return 'it has zero bytes, as UTF-16 and binary files have: save it as text in UTF-8';
  return null;
}
