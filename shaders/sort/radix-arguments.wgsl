// The grid for as many keys as there are. One thread.

#import sort/radix
#import shared/dispatch

@group(0) @binding(0) var<uniform> params: RadixParams;
@group(0) @binding(1) var<storage, read> counts: array<u32>;
@group(0) @binding(2) var<storage, read_write> grid: array<u32, 3>;

@compute @workgroup_size(1)
fn main() {
  let groups = groups_over(min(counts[params.count_index], params.capacity), RADIX_BLOCK);
  grid[0] = groups.x;
  grid[1] = groups.y;
  grid[2] = groups.z;
}
