//! What comes over the pipe: a kernel's name, numbers, and arrays that lie somewhere in larger buffers.

use std::any::Any;
use std::marker::PhantomData;
use std::str::FromStr;

use ndarray::{
    ArrayD, ArrayRef, ArrayView, ArrayView1, ArrayViewMut, Axis, Dimension, Ix1, IxDyn,
    ShapeBuilder,
};
use num_complex::Complex;

/// What a kernel can be called on.
pub trait Element: Copy + 'static {
    fn read(bytes: &[u8]) -> Vec<Self>;
    fn write(elements: &[Self], bytes: &mut Vec<u8>);

    /// 2 a − b, wrapping: the closure of kernels that take one. The order of operands matters to it.
    fn mix(self, other: Self) -> Self;
}

macro_rules! elements {
    ($($type:ty: |$a:ident, $b:ident| $mix:expr;)*) => {$(
        impl Element for $type {
            fn read(bytes: &[u8]) -> Vec<Self> {
                let chunks = bytes.chunks_exact(size_of::<Self>());
                chunks.map(|chunk| Self::from_le_bytes(chunk.try_into().unwrap())).collect()
            }

            fn write(elements: &[Self], bytes: &mut Vec<u8>) {
                bytes.extend(elements.iter().flat_map(|element| element.to_le_bytes()));
            }

            fn mix(self, other: Self) -> Self {
                let ($a, $b) = (self, other);
                $mix
            }
        }
    )*};
}

elements! {
    f64: |a, b| 2.0 * a - b;
    f32: |a, b| 2.0 * a - b;
    i64: |a, b| a.wrapping_mul(2).wrapping_sub(b);
    i32: |a, b| a.wrapping_mul(2).wrapping_sub(b);
    i16: |a, b| a.wrapping_mul(2).wrapping_sub(b);
    u8: |a, b| a.wrapping_mul(2).wrapping_sub(b);
    u32: |a, b| a.wrapping_mul(2).wrapping_sub(b);
    usize: |a, b| a.wrapping_mul(2).wrapping_sub(b);
}

impl Element for bool {
    fn read(bytes: &[u8]) -> Vec<bool> {
        bytes.iter().map(|&byte| byte != 0).collect()
    }

    fn write(elements: &[bool], bytes: &mut Vec<u8>) {
        bytes.extend(elements.iter().map(|&element| u8::from(element)));
    }

    fn mix(self, other: bool) -> bool {
        self & !other
    }
}

impl<T: Element> Element for Complex<T> {
    fn read(bytes: &[u8]) -> Vec<Self> {
        T::read(bytes).chunks_exact(2).map(|pair| Complex::new(pair[0], pair[1])).collect()
    }

    fn write(elements: &[Self], bytes: &mut Vec<u8>) {
        elements.iter().for_each(|element| T::write(&[element.re, element.im], bytes));
    }

    fn mix(self, other: Self) -> Self {
        Complex::new(self.re.mix(other.re), self.im.mix(other.im))
    }
}

/// An array inside a larger buffer.
struct Operand {
    /// A `Vec` of the element type.
    buffer: Box<dyn Any>,
    write: fn(&dyn Any, &mut Vec<u8>),
    offset: usize,
    shape: Vec<usize>,
    strides: Vec<isize>,
}

impl Operand {
    fn new<A: Element>(
        bytes: &[u8],
        offset: usize,
        shape: Vec<usize>,
        strides: Vec<isize>,
    ) -> Self {
        let write = |buffer: &dyn Any, bytes: &mut Vec<u8>| {
            A::write(buffer.downcast_ref::<Vec<A>>().expect("made below"), bytes);
        };
        Operand { buffer: Box::new(A::read(bytes)), write, offset, shape, strides }
    }

    fn read(reader: &mut Reader<'_>) -> Self {
        let [element, offset, shape, strides, bytes] = reader.words();
        let offset = number(offset);
        let (shape, strides) = (list(shape), list(strides));
        let bytes = reader.take(number(bytes));
        match element {
            "f64" => Operand::new::<f64>(bytes, offset, shape, strides),
            "f32" => Operand::new::<f32>(bytes, offset, shape, strides),
            "c128" => Operand::new::<Complex<f64>>(bytes, offset, shape, strides),
            "c64" => Operand::new::<Complex<f32>>(bytes, offset, shape, strides),
            "i64" => Operand::new::<i64>(bytes, offset, shape, strides),
            "i32" => Operand::new::<i32>(bytes, offset, shape, strides),
            "i16" => Operand::new::<i16>(bytes, offset, shape, strides),
            "u8" => Operand::new::<u8>(bytes, offset, shape, strides),
            "u32" => Operand::new::<u32>(bytes, offset, shape, strides),
            "usize" => Operand::new::<usize>(bytes, offset, shape, strides),
            "bool" => Operand::new::<bool>(bytes, offset, shape, strides),
            _ => malformed(element),
        }
    }

    fn shape<D: Dimension>(&self) -> ndarray::StrideShape<D> {
        let mut dim = D::zeros(self.shape.len());
        let mut strides = D::zeros(self.shape.len());
        if dim.ndim() != self.shape.len() {
            malformed(&format!("{:?} has not {} axes", self.shape, dim.ndim()));
        }
        dim.slice_mut().copy_from_slice(&self.shape);
        // ndarray takes negative strides as the `usize` of the same bits.
        let bits = self.strides.iter().map(|&stride| stride.cast_unsigned());
        strides.slice_mut().iter_mut().zip(bits).for_each(|(to, stride)| *to = stride);
        dim.strides(strides)
    }

    fn view<A: Element, D: Dimension>(&self) -> ArrayView<'_, A, D> {
        let Some(buffer) = self.buffer.downcast_ref::<Vec<A>>() else {
            malformed(std::any::type_name::<A>())
        };
        match ArrayView::from_shape(self.shape(), &buffer[self.offset..]) {
            Ok(view) => view,
            Err(error) => malformed(&error.to_string()),
        }
    }

    fn view_mut<A: Element, D: Dimension>(&mut self) -> ArrayViewMut<'_, A, D> {
        let shape = self.shape();
        let Some(buffer) = self.buffer.downcast_mut::<Vec<A>>() else {
            malformed(std::any::type_name::<A>())
        };
        match ArrayViewMut::from_shape(shape, &mut buffer[self.offset..]) {
            Ok(view) => view,
            Err(error) => malformed(&error.to_string()),
        }
    }
}

/// What a kernel reads.
pub struct Inputs {
    pub ints: Vec<isize>,
    arrays: Vec<Operand>,
}

/// What a kernel writes.
pub struct Outs {
    arrays: Vec<Operand>,
    /// A reduction of a whole array gave `None`.
    pub none: bool,
}

impl Outs {
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.arrays.iter().for_each(|out| (out.write)(&*out.buffer, &mut bytes));
        bytes
    }
}

/// The inputs of a kernel for elements `A` and arrays of `D`.
pub struct In<'a, A, D> {
    inputs: &'a Inputs,
    marker: PhantomData<(A, D)>,
}

impl<'a, A: Element, D: Dimension> In<'a, A, D> {
    pub fn new(inputs: &'a Inputs) -> Self {
        In { inputs, marker: PhantomData }
    }

    /// Array number `index`.
    pub fn array(&self, index: usize) -> ArrayView<'a, A, D> {
        self.of(index)
    }

    /// The same with other elements.
    pub fn of<B: Element>(&self, index: usize) -> ArrayView<'a, B, D> {
        self.inputs.arrays[index].view()
    }

    /// The same with one axis.
    pub fn list<B: Element>(&self, index: usize) -> ArrayView1<'a, B> {
        self.inputs.arrays[index].view()
    }

    /// The same with any axes.
    pub fn any<B: Element, E: Dimension>(&self, index: usize) -> ArrayView<'a, B, E> {
        self.inputs.arrays[index].view()
    }

    /// The one element of an array.
    pub fn number<B: Element>(&self, index: usize) -> B {
        self.inputs.arrays[index].view::<B, IxDyn>().first().copied().unwrap()
    }

    /// All arrays from number `first` on.
    pub fn arrays(&self, first: usize) -> Vec<ArrayView<'a, A, D>> {
        self.inputs.arrays[first..].iter().map(Operand::view).collect()
    }

    pub fn int(&self, index: usize) -> isize {
        self.inputs.ints[index]
    }

    pub fn count(&self, index: usize) -> usize {
        self.inputs.ints[index].cast_unsigned()
    }

    /// The first integer.
    pub fn axis(&self) -> Axis {
        Axis(self.count(0))
    }

    pub fn ints(&self) -> &'a [isize] {
        &self.inputs.ints
    }
}

/// The outputs of a kernel for elements `A` and arrays of `D`.
pub struct Out<'a, A, D> {
    outs: &'a mut Outs,
    marker: PhantomData<(A, D)>,
}

impl<'a, A: Element, D: Dimension> Out<'a, A, D> {
    pub fn new(outs: &'a mut Outs) -> Self {
        Out { outs, marker: PhantomData }
    }

    pub fn array(&mut self) -> ArrayViewMut<'_, A, D> {
        self.of()
    }

    /// With other elements.
    pub fn of<B: Element>(&mut self) -> ArrayViewMut<'_, B, D> {
        self.any()
    }

    /// With other elements and axes.
    pub fn any<B: Element, E: Dimension>(&mut self) -> ArrayViewMut<'_, B, E> {
        self.outs.arrays[0].view_mut()
    }

    /// Two outputs of one shape.
    pub fn pair<B: Element, C: Element>(
        &mut self,
    ) -> (ArrayViewMut<'_, B, D>, ArrayViewMut<'_, C, D>) {
        let [first, second, ..] = &mut self.outs.arrays[..] else { malformed("two outputs") };
        (first.view_mut(), second.view_mut())
    }

    /// The last output, a plain list.
    pub fn list<B: Element>(&mut self, elements: &[B]) {
        let last = self.outs.arrays.last_mut().expect("a list");
        last.view_mut::<B, Ix1>().assign(&ArrayView1::from(elements));
    }

    /// A number is the result.
    pub fn number<B: Element>(&mut self, number: B) {
        self.any::<B, IxDyn>().assign(&ArrayD::from_elem(IxDyn(&[]), number));
    }

    /// A number is the result, or there is none.
    pub fn maybe<B: Element>(&mut self, number: Option<B>) {
        match number {
            Some(number) => self.number(number),
            None => self.outs.none = true,
        }
    }
}

/// References to arrays, as kernels take lists of them.
pub fn refs<'a, A, D>(arrays: &'a [ArrayView<'a, A, D>]) -> Vec<&'a ArrayRef<A, D>> {
    arrays.iter().map(|array| &**array).collect()
}

pub struct Case {
    pub kernel: String,
    pub element: String,
    /// Of fixed-rank arrays.
    pub rank: Option<usize>,
    pub inputs: Inputs,
    pub outs: Outs,
}

impl Case {
    /// The next one, if there is one.
    pub fn read(reader: &mut Reader<'_>) -> Option<Self> {
        if reader.bytes.is_empty() {
            return None;
        }
        let [kernel, element, rank, ints, inputs, outs] = reader.words();
        let (inputs, outs) = (number(inputs), number(outs));
        let mut operands = |count: usize| (0..count).map(|_| Operand::read(reader)).collect();
        Some(Case {
            kernel: kernel.into(),
            element: element.into(),
            rank: (rank != "dyn").then(|| number(rank)),
            inputs: Inputs { ints: list(ints), arrays: operands(inputs) },
            outs: Outs { arrays: operands(outs), none: false },
        })
    }
}

/// What of the input has not been read.
pub struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Reader { bytes }
    }

    fn take(&mut self, len: usize) -> &'a [u8] {
        let Some((taken, rest)) = self.bytes.split_at_checked(len) else { malformed("the end") };
        self.bytes = rest;
        taken
    }

    /// A line of `N` words.
    fn words<const N: usize>(&mut self) -> [&'a str; N] {
        let len = self.bytes.iter().position(|&byte| byte == b'\n').unwrap_or(self.bytes.len());
        let line = str::from_utf8(self.take(len)).unwrap_or_else(|_| malformed("bytes"));
        self.take(1);
        let words: Vec<_> = line.split(' ').collect();
        words.try_into().unwrap_or_else(|_| malformed(line))
    }
}

fn number<T: FromStr>(word: &str) -> T {
    word.parse().unwrap_or_else(|_| malformed(word))
}

fn list<T: FromStr>(word: &str) -> Vec<T> {
    if word == "-" { Vec::new() } else { word.split(',').map(number).collect() }
}

/// The case is wrong, not the kernel.
fn malformed(what: &str) -> ! {
    eprintln!("a malformed case: {what}");
    std::process::exit(2)
}
