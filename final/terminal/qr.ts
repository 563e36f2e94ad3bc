import { renderUnicodeCompact } from 'uqr';
import { colors } from './colors.ts';

/**
 * Draws a QR code in characters that hold two squares each, one above the other: light squares
 * are drawn, on black, with a frame around them, so that a camera reads it in any terminal.
 */
export function qrCode(text: string, indentation = ''): string[] {
  return renderUnicodeCompact(text, { border: 2 })
    .split('\n')
    .map((line) => indentation + colors.bgBlack(colors.whiteBright(line)));
}
