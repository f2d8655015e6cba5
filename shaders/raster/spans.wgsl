// Where a splat's alpha can reach 1/255: the exact ellipse, row by row. For a strip of heights the ellipse covers
// one interval of x, widest at the strip's end that is nearest to the ellipse's outermost point. Tiles and blocks
// of 4×4 pixels are then intervals too ("AccuTile", Hanson et al. 2025, Speedy-Splat).
//
// Rectangles are those of pixel centres. The cut-off is widened a little, so that rounding can only add a tile
// that draws nothing: the pixel's own test decides.

#import raster/splat

/// Widening, in log₂ of alpha.
const CUT_OFF_MARGIN = 0.01;

struct Ellipse {
  budget: f32,          // (L₁₁ dx + L₁₂ dy)² + (L₂₂ dy)² ≤ budget
  slope: f32,           // x of the middle per height
  inverse_width: f32,   // L₁₁
  inverse_height: f32,  // L₂₂
  half_height: f32,
  tilt: f32,            // height of the rightmost point
}

fn cut_off_ellipse(splat: Splat) -> Ellipse {
  let l = splat.factor;
  let budget = splat.log2_opacity - EXPONENT_MIN + CUT_OFF_MARGIN;
  let half_height = sqrt(budget) / l.z;
  return Ellipse(budget, -l.y / l.x, l.x, l.z, half_height, -half_height * l.y / length(l.yz));
}

/// First and last x, relative to the mean, of the ellipse between two heights relative to it. Empty: first > last.
fn span(ellipse: Ellipse, low: f32, high: f32) -> vec2f {
  let bottom = max(low, -ellipse.half_height);
  let top = min(high, ellipse.half_height);
  if (!(bottom <= top)) {
    return vec2f(1.0, -1.0);
  }
  let dy = vec2f(min(max(-ellipse.tilt, bottom), top), min(max(ellipse.tilt, bottom), top));
  let scaled = ellipse.inverse_height * dy;
  let half_width = sqrt(max(vec2f(0.0), ellipse.budget - scaled * scaled)) / ellipse.inverse_width;
  return ellipse.slope * dy + vec2f(-half_width.x, half_width.y);
}

/// First and one past the last of `cells` intervals of `size` pixels that [first, last] (px) touches.
fn touched_cells(first: f32, last: f32, size: f32, cells: u32) -> vec2u {
  let limit = f32(cells);
  let begin = clamp(ceil((first + 0.5) / size - 1.0), 0.0, limit);
  let end = clamp(floor((last - 0.5) / size) + 1.0, 0.0, limit);
  return select(vec2u(0u), vec2u(u32(begin), u32(end)), begin < end);
}

fn touched_tile_rows(view: View, splat: Splat, ellipse: Ellipse) -> vec2u {
  let first = splat.mean.y - ellipse.half_height;
  let last = splat.mean.y + ellipse.half_height;
  if (!(last >= 0.5 && first <= f32(view.image_size.y) - 0.5)) {
    return vec2u(0u);
  }
  return touched_cells(first, last, f32(TILE), view.tiles.y);
}

/// Tile columns that the splat touches in one row of tiles.
fn touched_tiles(view: View, splat: Splat, ellipse: Ellipse, tile_row: u32) -> vec2u {
  let low = f32(tile_row * TILE) + 0.5 - splat.mean.y;
  let x = splat.mean.x + span(ellipse, low, low + f32(TILE) - 1.0);
  if (!(x.x <= x.y && x.y >= 0.5 && x.x <= f32(view.image_size.x) - 0.5)) {
    return vec2u(0u);
  }
  return touched_cells(x.x, x.y, f32(TILE), view.tiles.x);
}

/// Side of the blocks that a tile is divided into, and blocks per side.
const BLOCK = 4u;
const BLOCKS = 4u;

/// One bit for each block of a tile that the splat touches, row after row.
fn touched_blocks(splat: Splat, ellipse: Ellipse, tile_origin: vec2f) -> u32 {
  var mask = 0u;
  for (var row = 0u; row < BLOCKS; row++) {
    let low = tile_origin.y + f32(row * BLOCK) + 0.5 - splat.mean.y;
    let x = splat.mean.x - tile_origin.x + span(ellipse, low, low + f32(BLOCK) - 1.0);
    if (x.x <= x.y) {
      let cells = touched_cells(x.x, x.y, f32(BLOCK), BLOCKS);
      mask |= ((1u << cells.y) - (1u << cells.x)) << (row * BLOCKS);
    }
  }
  return mask;
}
