//! `cargo xtask plots`: the figures kept beside the benches, drawn. Dark lines on a light ground of their own, so that they
//! can be read on a dark page, too.

/// The points of the scaling curve, from the workspace's root; `cargo xtask cost --record` keeps them.
pub const SCALING: &str = "ims-api/benches/scaling.tsv";

/// The ratios of the calls, from the workspace's root; `cargo bench -p ims-api --bench calls -- --record` keeps them.
pub const CALLS: &str = "ims-api/benches/calls.tsv";

#[cfg(feature = "figures")]
pub use draw::run;

#[cfg(feature = "figures")]
mod draw {
    use std::error::Error;

    use plotters::coord::CoordTranslate;
    use plotters::prelude::*;

    use super::{CALLS, SCALING};

    type Outcome<T = ()> = Result<T, Box<dyn Error>>;

    const GROUND: RGBColor = RGBColor(250, 250, 248);
    const INK: RGBColor = RGBColor(40, 40, 40);
    /// Told apart by people who see few colours, too.
    const COLOURS: [RGBColor; 5] = [
        RGBColor(120, 120, 120),
        RGBColor(0, 114, 178),
        RGBColor(213, 94, 0),
        RGBColor(0, 158, 115),
        RGBColor(204, 121, 167),
    ];

    /// Draws both plots into the folder of the benches.
    ///
    /// # Errors
    /// Figures that were never recorded, or a file that can't be written.
    pub fn run() -> Outcome {
        let root = crate::root();
        let read = |name: &str| {
            std::fs::read_to_string(root.join(name)).map_err(|error| format!("{name}: {error}; record it first"))
        };
        std::fs::write(root.join(SCALING).with_extension("svg"), scaling(&read(SCALING)?)?)?;
        std::fs::write(root.join(CALLS).with_extension("svg"), calls(&read(CALLS)?)?)?;
        Ok(())
    }

    /// Seconds over operations, both in decades, with a line of what linear growth would be.
    pub(super) fn scaling(table: &str) -> Outcome<String> {
        let mut lines = table.lines().map(|line| line.split('\t'));
        let names: Vec<&str> = lines.next().ok_or("no points")?.skip(1).collect();
        let rows: Vec<Vec<f64>> =
            lines.map(|line| line.map(str::parse).collect::<Result<_, _>>()).collect::<Result<_, _>>()?;
        let (first, last) = (rows.first().ok_or("no points")?, rows.last().ok_or("no points")?);
        let all = rows.iter().flat_map(|row| &row[1..]).copied();
        let (least, most) = all.fold((f64::MAX, 0.0), |(least, most), value| (value.min(least), value.max(most)));
        let mut text = String::new();
        {
            let area = SVGBackend::with_string(&mut text, (720, 420)).into_drawing_area();
            area.fill(&GROUND)?;
            let mut chart = ChartBuilder::on(&area)
                .caption("Processor time of a command, by operations in the document", ("sans-serif", 18, &INK))
                .margin(12)
                .x_label_area_size(44)
                .y_label_area_size(64)
                .build_cartesian_2d((first[0]..last[0]).log_scale(), (least / 1.5..most * 1.5).log_scale())?;
            chart
                .configure_mesh()
                .light_line_style(GROUND)
                .bold_line_style(INK.mix(0.12))
                .axis_style(INK)
                .label_style(("sans-serif", 14, &INK))
                .x_desc("operations")
                .y_desc("seconds")
                .x_label_formatter(&|value| format!("{value:.0}"))
                .draw()?;
            let start = first[1..].iter().copied().fold(0.0, f64::max);
            let linear = [(first[0], start), (last[0], start * last[0] / first[0])];
            chart
                .draw_series(DashedLineSeries::new(linear, 4, 4, INK.mix(0.5).stroke_width(1)))?
                .label("linear growth")
                .legend(|(x, y)| PathElement::new([(x, y), (x + 18, y)], INK.mix(0.5)));
            for (at, name) in names.iter().enumerate() {
                let colour = COLOURS[(at + 1) % COLOURS.len()];
                let points: Vec<(f64, f64)> = rows.iter().map(|row| (row[0], row[at + 1])).collect();
                chart
                    .draw_series(LineSeries::new(points.clone(), colour.stroke_width(2)))?
                    .label(*name)
                    .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], colour.stroke_width(2)));
                chart.draw_series(points.into_iter().map(|point| Circle::new(point, 3, colour.filled())))?;
            }
            legend(&mut chart, SeriesLabelPosition::UpperLeft)?;
            area.present()?;
        }
        Ok(text)
    }

    /// Says in a corner which colour is what.
    fn legend<'a, B: DrawingBackend + 'a, C: CoordTranslate>(
        chart: &mut ChartContext<'a, B, C>,
        corner: SeriesLabelPosition,
    ) -> Outcome
    where
        B::ErrorType: 'static,
    {
        let mut labels = chart.configure_series_labels();
        labels.position(corner).label_font(("sans-serif", 14, &INK)).background_style(GROUND);
        Ok(labels.border_style(INK.mix(0.3)).draw()?)
    }

    /// One row of the calls: setting, contender, and the ratio between its quartiles.
    struct Ratio<'a> {
        setting: &'a str,
        contender: &'a str,
        low: f64,
        median: f64,
        high: f64,
    }

    /// The ratio of processor time per call, setting by setting.
    pub(super) fn calls(table: &str) -> Outcome<String> {
        let ratios: Vec<Ratio<'_>> = table.lines().skip(1).map(ratio).collect::<Outcome<_>>()?;
        let ratios: Vec<Ratio<'_>> =
            ratios.into_iter().filter(|ratio| !ratio.contender.starts_with("by hand")).collect();
        let mut settings: Vec<&str> = ratios.iter().map(|ratio| ratio.setting).collect();
        settings.dedup();
        let mut contenders: Vec<&str> = ratios.iter().map(|ratio| ratio.contender).collect();
        contenders.sort_unstable();
        contenders.dedup();
        let (least, most) = ratios
            .iter()
            .fold((1.0, 1.0), |(least, most): (f64, f64), ratio| (least.min(ratio.low), most.max(ratio.high)));
        let mut text = String::new();
        {
            // The uppermost rows are the legend's.
            let height = 110 + 30 * (u32::try_from(settings.len())? + 3);
            let area = SVGBackend::with_string(&mut text, (720, height)).into_drawing_area();
            area.fill(&GROUND)?;
            let rows = settings.len() as f64;
            let mut chart = ChartBuilder::on(&area)
                .caption("Processor time per call ÷ the same call by hand", ("sans-serif", 18, &INK))
                .margin(12)
                .x_label_area_size(30)
                .y_label_area_size(190)
                .build_cartesian_2d(least - 0.05..most + 0.05, rows..-3.0)?;
            chart
                .configure_mesh()
                .disable_y_mesh()
                .y_labels(0)
                .light_line_style(GROUND)
                .bold_line_style(INK.mix(0.12))
                .axis_style(INK)
                .label_style(("sans-serif", 14, &INK))
                .x_label_formatter(&|value| format!("{value:.2}"))
                .draw()?;
            chart.draw_series([PathElement::new([(1.0, 0.0), (1.0, rows)], INK.mix(0.6))])?;
            let pixel = |value: f64, row: f64, chart: &ChartContext<'_, _, _>| chart.backend_coord(&(value, row));
            for (row, setting) in settings.iter().enumerate() {
                let (x, y) = pixel(least - 0.05, row as f64 + 0.5, &chart);
                area.draw(&Text::new(
                    (*setting).to_owned(),
                    (x - 185, y - 7),
                    ("sans-serif", 14).into_font().color(&INK),
                ))?;
            }
            for (at, contender) in contenders.iter().enumerate() {
                let colour = COLOURS[(at + 1) % COLOURS.len()];
                let offset = (at as f64 + 1.0) / (contenders.len() as f64 + 1.0);
                let of_contender = || ratios.iter().filter(|ratio| ratio.contender == *contender);
                let row = |ratio: &Ratio<'_>| {
                    settings.iter().position(|setting| *setting == ratio.setting).unwrap_or_default() as f64 + offset
                };
                chart
                    .draw_series(of_contender().map(|ratio| {
                        PathElement::new([(ratio.low, row(ratio)), (ratio.high, row(ratio))], colour.stroke_width(2))
                    }))?
                    .label(*contender)
                    .legend(move |(x, y)| Circle::new((x + 9, y), 4, colour.filled()));
                chart.draw_series(
                    of_contender().map(|ratio| Circle::new((ratio.median, row(ratio)), 4, colour.filled())),
                )?;
            }
            legend(&mut chart, SeriesLabelPosition::UpperRight)?;
            area.present()?;
        }
        Ok(text)
    }

    /// `setting, contender, cpu, "1.034 [1.020, 1.049]", …`
    fn ratio(line: &str) -> Outcome<Ratio<'_>> {
        let columns: Vec<&str> = line.split('\t').collect();
        let [setting, contender, _, ratio, ..] = columns[..] else { return Err(format!("`{line}` is no row").into()) };
        let numbers = ratio.split(['[', ',', ']']).map(str::trim).filter(|number| !number.is_empty());
        let numbers = numbers.map(str::parse).collect::<Result<Vec<f64>, _>>()?;
        let [median, low, high] = numbers[..] else { return Err(format!("`{ratio}` is no ratio").into()) };
        Ok(Ratio { setting, contender, low, median, high })
    }

    #[cfg(test)]
    mod tests {
        #[test]
        fn every_series_is_drawn() {
            let svg = super::scaling("operations\tgenerate\tlint\n50\t0.1\t0.05\n500\t0.9\t0.5\n").unwrap();
            for name in ["generate", "lint", "linear growth"] {
                assert!(svg.contains(name), "{name}");
            }
            let rows = "setting\tcontender\tcpu\tratio\n2 tags\tby hand\t9.0\t1.000 [1.000, 1.000]\n2 tags\tours\t9.5\t1.050 [1.010, 1.100]\n";
            let svg = super::calls(rows).unwrap();
            assert!(svg.contains("2 tags") && svg.contains("ours") && !svg.contains("by hand, token"), "{svg}");
            assert!(super::calls("head\nno row\n").is_err());
        }
    }
}
