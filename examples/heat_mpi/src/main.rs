//! Heat in a plate, on as many machines as there are: the grid is cut into blocks, each MPI rank has one in leases, and
//! after each step neighbours exchange the edges of their blocks, straight from lease to lease.
//!
//! ```text
//! examples/heat_mpi/run                # installs what it needs; 1, 2 and 4 ranks, compared bit for bit
//! mpirun -n 4 target/release/heat_mpi --rows 2000 --cols 3000 --steps 5000 --save heat.npy --every 1000
//! mpirun -n 2 target/release/heat_mpi --resume heat.npy --picture heat.png
//! ```
//!
//! Data flows through the files in this order:
//!
//! ```text
//! options           what the command line asks for
//! decomposition     the grid cut into blocks, one a rank
//! plate             a block in two leases: the step, the change
//! message           a rectangle of a lease as an MPI message, without a copy
//! halo              the exchange of edges while the step computes
//! rows              the whole grid through rank 0, a few rows at a time
//! checkpoint        into a file and back
//! picture           into a PNG
//! clock             what a step takes
//! failure           one rank reports an error, and all end
//! ```

mod checkpoint;
mod clock;
mod decomposition;
mod failure;
mod halo;
mod message;
mod options;
mod picture;
mod plate;
mod rows;

use std::process::ExitCode;

use mpi::collective::SystemOperation;
use mpi::topology::SimpleCommunicator;
use mpi::traits::*;
use ndarray_pool::memory::{heap::CountingAllocator, no_alloc};
use ndarray_pool::prelude::*;

use crate::checkpoint::Source;
use crate::clock::Clock;
use crate::decomposition::Decomposition;
use crate::failure::{Failure, agree};
use crate::halo::Halo;
use crate::options::{Options, USAGE};
use crate::picture::Picture;
use crate::plate::Plate;
use crate::rows::Rows;

/// So that `no_alloc` sees whether a step allocates.
#[global_allocator]
static HEAP: CountingAllocator = CountingAllocator::system();

fn main() -> ExitCode {
    let Some(universe) = mpi::initialize() else {
        eprintln!("heat_mpi: MPI cannot be initialized");
        return ExitCode::FAILURE;
    };
    failure::end_all_ranks_on_panic();
    match job(&universe.world()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Elsewhere) => ExitCode::FAILURE,
        Err(Failure::Here(message)) => {
            eprintln!("heat_mpi: {message}");
            ExitCode::FAILURE
        }
    }
}

fn job(world: &SimpleCommunicator) -> Result<(), Failure> {
    let Some(options) = agree(world, options::parse(std::env::args_os().skip(1)))? else {
        if world.rank() == 0 {
            print!("{USAGE}");
        }
        return Ok(());
    };
    let source = match &options.resume {
        Some(path) => Some(Source::open(world, path, options.grid)?),
        None => None,
    };
    let grid = source.as_ref().map_or(options.grid.unwrap_or(options::GRID), |it| it.grid);
    let ranks = world.size() as usize;
    let decomposition = agree(world, Decomposition::new(grid, ranks))?;
    if let Some(path) = &options.save {
        checkpoint::check(world, path)?; // before hours of work
    }

    let dims = decomposition.ranks().map(|n| n as i32);
    let cart = world.create_cartesian_communicator(&dims, &[false; 2], false);
    let cart = cart.expect("the decomposition has a block for each rank");
    let block = decomposition.block(cart.rank() as usize);
    // The block, and around it the halo: what the neighbours' blocks, or the edges of the plate, are there.
    let shape = (block.rows.len() + 2, block.columns.len() + 2);
    let pool = agree(world, Pool2::<f64>::new(shape, 2))?;
    let mut plate = Plate::new(&pool, grid, &block);
    let rows = Rows::new(&cart, decomposition)?;
    if let Some(source) = source {
        source.read(&rows, plate.own_mut())?;
    }
    let picture = match &options.picture {
        Some(path) => Some(Picture::create(&rows, path)?),
        None => None,
    };
    run(&options, &rows, &mut plate)?;
    if let Some(picture) = picture {
        picture.draw(&rows, plate.own())?;
    }
    Ok(())
}

/// All steps, and the row that rank 0 prints about them.
fn run(options: &Options, rows: &Rows<'_>, plate: &mut Plate<'_>) -> Result<(), Failure> {
    let cart = rows.cart;
    let halo = Halo::new(cart, plate);
    let (mut clock, mut steps, mut change, mut is_last) = (Clock::new(), 0, f64::INFINITY, false);
    while !is_last {
        steps += 1;
        let is_to_panic = options.panic_at == Some(steps) && cart.rank() == cart.size() - 1;
        assert!(!is_to_panic, "--panic-at {steps}");
        let step = || {
            plate.step(&halo);
            if steps.is_multiple_of(options.check) || steps == options.steps {
                let own = plate.change();
                cart.all_reduce_into(&own, &mut change, SystemOperation::max());
            }
        };
        clock.time(|| no_alloc(step));
        is_last = steps == options.steps || change <= options.tolerance;
        let is_due = is_last || options.every.is_some_and(|every| steps.is_multiple_of(every));
        if let Some(path) = options.save.as_ref().filter(|_| is_due) {
            checkpoint::save(rows, plate.own(), path)?;
        }
    }
    if cart.rank() == 0 {
        let ([rows, columns], [down, across]) =
            (rows.decomposition.grid(), rows.decomposition.ranks());
        println!("ranks  blocks    grid           steps      change  ms a step: mean   median");
        println!(
            "{:5}  {:8}  {:13}  {steps:5}  {change:10.3e}  {:15.4}  {:7.4}",
            cart.size(),
            format!("{down} × {across}"),
            format!("{rows} × {columns}"),
            clock.mean_ms(),
            clock.median_ms(),
        );
    }
    Ok(())
}
