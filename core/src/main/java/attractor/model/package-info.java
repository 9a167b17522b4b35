/** Networks: sizes, parameters in one flat block with named views, initial weights, files. */
package attractor.model;
