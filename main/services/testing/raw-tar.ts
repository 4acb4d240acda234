const BLOCK = 512;

export type RawHeader = { name?: string; type?: string; size?: number; /** As it stands in the field, instead of `size`. */ sizeField?: Buffer; linkname?: string; magic?: string; badChecksum?: boolean };

/** A header as no library writes it, with its content padded to whole blocks. */
export function rawEntry({ name = 'facts.json', type = '0', size, sizeField, linkname = '', magic = 'ustar\u000000', badChecksum = false }: RawHeader, content: Buffer = Buffer.alloc(0)): Buffer {
  const header = Buffer.alloc(BLOCK);
  header.write(name, 0, 100, 'latin1');
  header.write('0000600\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  if (sizeField === undefined) header.write(`${(size ?? content.length).toString(8).padStart(11, '0')} `, 124);
  else sizeField.copy(header, 124);
  header.write('00000000000 ', 136);
  header.write('        ', 148);
  header.write(type, 156);
  header.write(linkname, 157, 100, 'latin1');
  header.write(magic, 257, 8, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, badChecksum ? 1 : 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([header, content, Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)]);
}

export const END_OF_TAR = Buffer.alloc(2 * BLOCK);
/** `LENGTH key=value`, as pax(1) has it. */
export function paxRecord(key: string, value: string): Buffer {
  const rest = ` ${key}=${value}\n`;
  let length = rest.length + 1;
  while (String(length).length + rest.length !== length) length += 1;
  return Buffer.from(`${length}${rest}`);
}
