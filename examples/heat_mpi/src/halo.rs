//! The exchange of halos: each rank sends the edges of its block to its neighbours, and receives theirs around it.

use mpi::request;
use mpi::topology::{CartesianCommunicator, Process};
use mpi::traits::*;
use ndarray::{ArrayRef2, ArrayView2, s};

use crate::message::Form;
use crate::plate::Plate;

/// The neighbours of a rank, and the forms of what they exchange.
pub struct Halo<'c> {
    /// North, south, west, east; none where the plate ends.
    neighbours: [Option<Process<'c>>; 4],
    row: Form,
    column: Form,
}

impl<'c> Halo<'c> {
    pub fn new(cart: &'c CartesianCommunicator, plate: &Plate<'_>) -> Self {
        let ((north, south), (west, east)) = (cart.shift(0, 1), cart.shift(1, 1));
        let own = plate.own();
        Halo {
            neighbours: [north, south, west, east]
                .map(|rank| rank.map(|rank| cart.process_at_rank(rank))),
            row: Form::of(&own.slice(s![..1, ..])),
            column: Form::of(&own.slice(s![.., ..1])),
        }
    }

    /// Renews the halo of `block`, and lets `compute` read what lies within the halo in the meantime.
    ///
    /// The borrow checker sees that this is sound: the four sides of the halo and what is within are views that
    /// do not overlap. MPI writes the sides, and what is within is only read, by MPI and by `compute`.
    pub fn exchange(&self, block: &mut ArrayRef2<f64>, compute: impl FnOnce(ArrayView2<'_, f64>)) {
        let (north, south, west, east, own) = block.multi_slice_mut((
            s![..1, 1..-1],
            s![-1.., 1..-1],
            s![1..-1, ..1],
            s![1..-1, -1..],
            s![1..-1, 1..-1],
        ));
        let own = own.view();
        let Halo { neighbours, row, column } = self;
        let mut to_receive =
            [row.receive(north), row.receive(south), column.receive(west), column.receive(east)];
        let to_send = [
            row.send(own.slice(s![..1, ..])),
            row.send(own.slice(s![-1.., ..])),
            column.send(own.slice(s![.., ..1])),
            column.send(own.slice(s![.., -1..])),
        ];
        request::scope(|scope| {
            // Between two ranks there is one message in each direction: no tag is needed to tell them apart.
            let [a, b, c, d] = neighbours;
            let [to_a, to_b, to_c, to_d] = &mut to_receive;
            let received = [(a, to_a), (b, to_b), (c, to_c), (d, to_d)].map(|(from, message)| {
                from.as_ref().map(|from| from.immediate_receive_into(scope, message))
            });
            let [from_a, from_b, from_c, from_d] = &to_send;
            let sent = [(a, from_a), (b, from_b), (c, from_c), (d, from_d)]
                .map(|(to, message)| to.as_ref().map(|to| to.immediate_send(scope, message)));
            compute(own);
            received.into_iter().flatten().for_each(|request| request.wait_without_status());
            sent.into_iter().flatten().for_each(|request| request.wait_without_status());
        });
    }
}
