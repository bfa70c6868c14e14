//! What a program can do in a process of its own, registered before anything else.

use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::child::{self, Failure, Step};
use super::parcel::Parcel;
use super::runner::Runner;

/// The steps of a program, registered first in `main`; see [the module](super).
#[derive(Default)]
#[must_use = "nothing is a step before `start`"]
pub struct Steps(Vec<Step>);

impl Steps {
    /// No steps yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a step: a function, or a closure that captures nothing.
    ///
    /// A child runs `main` anew and has no value of its parent, so there is nothing that a closure
    /// could capture. A closure that captures something does not compile:
    ///
    /// ```compile_fail
    /// use ndarray_pool::isolate::Steps;
    ///
    /// let factor = std::env::args().count() as f64;
    /// let steps = Steps::new().with("scale", move |x: f64| x * factor);
    /// ```
    ///
    /// Let it take `factor` instead:
    ///
    /// ```
    /// use ndarray_pool::isolate::Steps;
    ///
    /// let steps = Steps::new().with("scale", |(x, factor): (f64, f64)| x * factor);
    /// ```
    ///
    /// # Panics
    ///
    /// If there is a step of this name.
    #[track_caller]
    pub fn with<In, Out, F>(mut self, name: &'static str, step: F) -> Self
    where
        In: DeserializeOwned,
        Out: Serialize,
        F: Fn(In) -> Out + 'static,
    {
        const {
            assert!(
                size_of::<F>() == 0,
                "a step is a function or a closure that captures nothing: its process is a new one"
            );
        }
        assert!(self.0.iter().all(|step| step.name != name), "two steps are called {name:?}");
        let run = Box::new(move |input: Parcel, place: &_| {
            let output = step(input.unpack().map_err(Failure::Input)?);
            Parcel::pack(&output, place).map_err(Failure::Output)
        });
        self.0.push(Step { name, run });
        self
    }

    /// In a process that a [`Runner`] started, runs the step that the process is for, and does not
    /// return. In any other, returns the runner.
    #[must_use]
    pub fn start(self) -> Runner {
        match child::task() {
            Some(task) => task.run(&self.0),
            None => Runner::new(self.0.iter().map(|step| step.name).collect()),
        }
    }
}

impl fmt::Debug for Steps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|step| step.name)).finish()
    }
}
